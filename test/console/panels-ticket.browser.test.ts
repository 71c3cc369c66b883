import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { axeFindings, openPage, whereChromiumIs } from "./chromium.ts";
import { CHANNEL, type OpenPanel, type PanelWorld, startPanelWorld } from "./panels-world.ts";
import { type DeskData, happens, heardFrom } from "./zaf-host.ts";

const SCRIPT = `<img src=x onerror="document.title='pwned'">`;

whereChromiumIs("the panel beside a ticket", (program) => {
  let w: PanelWorld;
  let ticket: DeskData;
  beforeAll(async () => {
    w = await startPanelWorld(program);
    ticket = await w.ticket("addon_tam", { subject: SCRIPT });
  }, 120_000);
  afterAll(() => w?.close());

  const heading = (panel: OpenPanel) => panel.app.getByRole("heading", { level: 1 });
  const minutesIn = (text: string): number => Number(/\((\d+) mins? left\)/.exec(text)?.[1] ?? Number.NaN);

  const isDark = async (panel: OpenPanel): Promise<boolean> => {
    const script = "Number(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0]) < 100";
    const frame = panel.page.frames().find((one) => one.url().includes("/zaf/"));
    return (await frame?.evaluate<boolean>(script)) ?? false;
  };

  describe("at one glance", () => {
    test("says tier, until when, and how many minutes are left, in one line that counts down by itself", async () => {
      const panel = await w.open("ticket", ticket, { prepare: (page) => page.clock.install() });
      await heading(panel).filter({ hasText: "first reply due" }).waitFor();
      const before = await heading(panel).innerText();
      expect(before).toMatch(/^Enterprise Support \(add-on\) — first reply due \d\d:\d\d \(\d+ mins left\)$/);
      await panel.page.route("**/api/v1/**", (route) => route.abort());
      await panel.page.clock.runFor(300_000);
      const after = await heading(panel).innerText();
      expect([5, 6]).toContain(minutesIn(before) - minutesIn(after));
      await panel.close();
    });

    test("says why in words, who looks after the customer, and how old the facts are", async () => {
      const panel = await w.open("ticket", ticket);
      await heading(panel).waitFor();
      const words = await panel.words();
      expect(words).toMatch(/Aurelia Robotics/);
      expect(words).toMatch(/Why .*add-on gives Enterprise Support.*Facts: confirmed/i);
      expect(words).toMatch(/TAM tess/i);
      const channel = panel.app.getByRole("link", { name: "open the shared channel" });
      expect([await channel.getAttribute("href"), await channel.getAttribute("rel")]).toEqual([
        CHANNEL,
        "noreferrer",
      ]);
      await panel.close();
    });
  });

  describe("warns", () => {
    test.each([
      ["of days of grace", "lapsed_in_grace", {}, /served in days of grace/],
      ["of a suspended account", "on_hold", {}, /account is suspended/],
      ["of a payment that is late", "past_due", {}, /late with a payment/],
    ])("%s", async (_what, role, change, warning) => {
      const panel = await w.open("ticket", await w.ticket(role, change));
      await heading(panel).waitFor();
      expect(await panel.words()).toMatch(warning);
      await panel.close();
    });

    test("and says why in the agent's language, with the words for a status too", async () => {
      const about = await w.ticket("past_due", {});
      const panel = await w.open("ticket", { ...about, "currentUser.locale": "de-DE" });
      await heading(panel).waitFor();
      const words = await panel.words();
      expect(words).toMatch(/Der Plan gibt [A-Z]/);
      expect(words).toContain("Das Konto ist mit einer Zahlung im Verzug; das ändert nichts.");
      expect(words).not.toMatch(/The plan gives|late with a payment/);
      await panel.close();
    });

    test("of a VIP, and of a requester who is not on the customer's list of contacts", async () => {
      const vip = [...w.installation.world.desk.state.users.values()].find(
        (one) => one.tags.includes("vip") && one.email?.endsWith("@aurelia.example"),
      )?.email;
      const about = await w.ticket("addon_tam", { from: vip });
      const listed = await w.open("ticket", about);
      await heading(listed).waitFor();
      expect(await listed.words()).toMatch(/requester is a VIP/);
      expect(await listed.words()).not.toMatch(/list of contacts/);
      await listed.close();
      const stranger = await w.open("ticket", { ...about, "ticket.requester.email": vip });
      await heading(stranger).waitFor();
      expect(await stranger.words()).toContain(`${vip} is not on this customer's list of contacts.`);
      await stranger.close();
    });
  });

  describe("acts", () => {
    test("by putting the macro's internal note and tag into the editor, never into a public reply", async () => {
      const panel = await w.open("ticket", ticket);
      await panel.app.getByRole("button", { name: "Escalate" }).click();
      await panel.app.getByText("the ticket keeps its clock").waitFor();
      const done = (await heardFrom(panel.page)).flatMap(({ request, params }) =>
        request === "set" || (request === "invoke" && !("resize" in (params as object))) ? [params] : [],
      );
      expect(done).toEqual([
        { "comment.type": "internalNote" },
        { "comment.appendText": [expect.stringContaining("Escalated. Why:")] },
        { "ticket.tags.add": [["ps_escalated"]] },
      ]);
      await panel.close();
    });

    test("by naming the macro where the help desk lets no app write into the editor", async () => {
      const panel = await w.open("ticket", ticket, { refuses: ["comment.type"] });
      await panel.app.getByRole("button", { name: "Escalate" }).click();
      await panel.app.getByText("Apply the macro Support tier: escalate").waitFor();
      expect(JSON.stringify(await heardFrom(panel.page))).not.toContain("comment.appendText");
      await panel.close();
    });

    test("by filing a doubt about the tier with the keyboard alone; it stands in the console under the agent's name", async () => {
      const panel = await w.open("ticket", ticket);
      const { page, app } = panel;
      await app.getByRole("button", { name: "Wrong tier?" }).focus();
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      await page.keyboard.type(`They bought Pro ${SCRIPT}`);
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await app.getByText("It stands on the review list under your name").waitFor();
      await panel.close();
      const { world } = w.installation;
      const admin = await w.installation.as("admin");
      const review = await openPage(w.browser, world.service.url, admin, "/console/customers/review");
      await review.page.getByText(`They bought Pro ${SCRIPT}`).waitFor();
      const name = world.desk.state.users.get(w.users.agent)?.email ?? "";
      expect(await review.page.getByRole("main").innerText()).toContain(name);
      expect(await review.page.title()).not.toBe("pwned");
      await review.close();
    });
  });

  test("shows the customer's other open tickets and opens one inside the help desk; a solved one is gone", async () => {
    const [open, solved] = [await w.ticket("addon_tam"), await w.ticket("addon_tam")];
    const [openId, solvedId] = [String(open["ticket.id"]), String(solved["ticket.id"])];
    const { world } = w.installation;
    const says = (status: string) => ({ status, comment: { body: "Done.", public: true } });
    world.desk.agentUpdate(solvedId, says("solved"), w.users.agent);
    world.desk.agentUpdate(openId, says("pending"), w.users.agent);
    world.clock.advanceTo(world.clock.now() + 120_000);
    await world.service.upkeep.ingest();
    const panel = await w.open("ticket", ticket);
    await panel.app.getByRole("link", { name: `#${openId}` }).click();
    expect(await panel.app.getByRole("link", { name: `#${solvedId}` }).count()).toBe(0);
    expect(await panel.words()).toMatch(new RegExp(`#${openId} first reply in time .* pending`));
    expect((await heardFrom(panel.page)).map(({ params }) => params)).toContainEqual({
      routeTo: ["ticket", openId],
    });
    await panel.close();
    const answered = await w.open("ticket", solved);
    await heading(answered)
      .filter({ hasText: /first reply given \d\d:\d\d \(in time\)/ })
      .waitFor();
    await answered.close();
  });

  test.each(["light", "dark"] as const)(
    "fits 320 px, is as high as its content, keeps nobody out and asks nobody else, in %s",
    async (colorScheme) => {
      const panel = await w.open("ticket", { ...ticket, colorScheme });
      await heading(panel).waitFor();
      const frame = panel.page.frames().find((one) => one.url().includes("/zaf/ticket"));
      if (frame === undefined) throw new Error("there is no frame");
      expect(await axeFindings(frame)).toEqual([]);
      const [scroll, width] = await frame.evaluate<[number, number]>(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]",
      );
      expect([scroll, width, await isDark(panel)]).toEqual([320, 320, colorScheme === "dark"]);
      const box = await panel.page.locator("iframe").boundingBox();
      const main = await panel.app.getByRole("main").boundingBox();
      expect(Math.abs((box?.height ?? 0) - (main?.height ?? 1000))).toBeLessThanOrEqual(1);
      expect([panel.complaints, panel.elsewhere]).toEqual([[], []]);
      await panel.close();
    },
  );

  test("follows the colours and the customer that the agent chooses meanwhile", async () => {
    const panel = await w.open("ticket", { "ticket.id": null, "ticket.requester.email": "kim@free.example" });
    await heading(panel).filter({ hasText: "Standard" }).waitFor();
    expect(await panel.words()).toMatch(/No customer was found/);
    expect(await panel.app.getByRole("button").count()).toBe(0);
    const chosen = { "ticket.organization": ticket["ticket.organization"] };
    await happens(panel.page, "ticket.organization.changed", chosen);
    await heading(panel).filter({ hasText: "Enterprise Support" }).waitFor();
    expect(await panel.words()).toMatch(/not decided yet.*kim@free.example is not on/);
    await happens(panel.page, "colorScheme.changed", { colorScheme: "dark" }, "dark");
    await w.installation.world.until("dark colours", async () => ((await isDark(panel)) ? true : null));
    await panel.close();
  });

  test("a name that is a script is only a name", async () => {
    const panel = await w.open("ticket", await w.ticket("hostile_name", { subject: SCRIPT }));
    await heading(panel).waitFor();
    expect(await panel.app.locator("img, script:not([src])").count()).toBe(0);
    expect([panel.complaints, panel.elsewhere]).toEqual([[], []]);
    await panel.close();
  });

  test("with the CRM down it is all there, from our store, and says that the facts are two hours old", async () => {
    const { world } = w.installation;
    const repair = world.crm.fault({ status: 503, times: Number.POSITIVE_INFINITY });
    world.clock.advanceTo(world.clock.now() + 2 * 3_600_000);
    const calls = world.crm.journal.length;
    const panel = await w.open("ticket", ticket);
    await heading(panel).waitFor();
    expect(await panel.words()).toMatch(/Facts: confirmed by the CRM 2 hours ago/);
    expect(await heading(panel).innerText()).toMatch(/was due/);
    expect(world.crm.journal.length).toBe(calls);
    repair();
    await panel.close();
  });
});
