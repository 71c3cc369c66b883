import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Page } from "playwright-core";
import { axeFindings, whereChromiumIs } from "./chromium.ts";
import { type OpenPanel, type PanelWorld, startPanelWorld } from "./panels-world.ts";
import { type DeskData, happens, heardFrom } from "./zaf-host.ts";
import { startZendeskWithApp } from "./zendesk-with-app.ts";

whereChromiumIs("the app's other places in the help desk", (program) => {
  let w: PanelWorld;
  let ticket: DeskData;
  let organization: DeskData;
  beforeAll(async () => {
    w = await startPanelWorld(program);
    ticket = await w.ticket("addon_tam");
    const { organizationId } = w.installation.world.customer("addon_tam");
    organization = { "organization.id": Number(organizationId) };
  }, 120_000);
  afterAll(() => w?.close());

  const heading = (panel: OpenPanel) => panel.app.getByRole("heading", { level: 1 });
  const frameOf = (panel: OpenPanel) => {
    const frame = panel.page.frames().find((one) => one.url().includes("/zaf/"));
    if (frame === undefined) throw new Error("there is no frame");
    return frame;
  };

  describe("beside an organization", () => {
    test("stand tier, basis, contract, exceptions, how the tier moved, and how each promise was kept", async () => {
      const { world } = w.installation;
      const { companyId } = world.customer("addon_tam");
      const admin = await w.installation.as("admin");
      const wish = {
        accountId: `hubspot:${companyId}`,
        kind: "floor",
        tier: "enterprise",
        reason: "Launch in <b>June</b>",
        expires: new Date(world.clock.now() + 20 * 86_400_000).toISOString(),
      };
      expect((await admin.call("POST", "/api/v1/overrides", wish)).status).toBe(200);
      const late = await w.ticket("addon_tam");
      world.desk.agentUpdate(
        String(ticket["ticket.id"]),
        { status: "pending", comment: { body: "Looking.", public: true } },
        w.users.agent,
      );
      world.clock.advanceTo(world.clock.now() + 45 * 60_000);
      await world.service.upkeep.ingest();
      const panel = await w.open("organization", organization);
      await heading(panel).filter({ hasText: "Enterprise Support" }).waitFor();
      const words = await panel.words();
      expect(words).toMatch(/Basis a support add-on Contract .*2026 TAM tess/);
      expect(words).toMatch(/Exceptions At least Enterprise .*Launch in <b>June<\/b> · approved by admin@/);
      expect(words).toMatch(/Tier history Enterprise Support/);
      expect(words).toMatch(/First reply 50% \(1 of 2\)/);
      expect(words).toMatch(new RegExp(`#${late["ticket.id"]} first reply late`));
      expect(words).toMatch(new RegExp(`#${ticket["ticket.id"]} first reply in time`));
      expect(await axeFindings(frameOf(panel))).toEqual([]);
      const wide = await frameOf(panel).evaluate<boolean>(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth",
      );
      expect([wide, panel.complaints, panel.elsewhere]).toEqual([false, [], []]);
      await panel.close();
    });

    test("stands what the customer pays for administrators, and not for agents: light agents read it too", async () => {
      const [full, light] = [
        await w.open("organization", organization, { role: "admin" }),
        await w.open("organization", organization),
      ];
      await Promise.all([heading(full).waitFor(), heading(light).waitFor()]);
      expect(await full.words()).toMatch(/ARR US\$240,000/);
      expect(await light.words()).not.toMatch(/240/);
      await Promise.all([full.close(), light.close()]);
    });

    test("that is not saved yet stands what to do", async () => {
      const panel = await w.open("organization", {});
      await panel.app.getByText("Save the organization, then open this panel again.").waitFor();
      await panel.close();
    });
  });

  describe("in the navigation bar", () => {
    test("stands the whole console for an administrator, in the agent's colours and by the keyboard", async () => {
      const panel = await w.open("console", { colorScheme: "dark" }, { role: "admin" });
      await panel.app.getByText("Last decisions").first().waitFor();
      await panel.app.getByRole("button", { name: "Pause writing" }).waitFor();
      expect(await axeFindings(frameOf(panel))).toEqual([]);
      await panel.app.getByRole("button", { name: "Customers" }).focus();
      await panel.page.keyboard.press("Enter");
      await panel.app.getByText("Aurelia Robotics").first().waitFor();
      expect([panel.complaints, panel.elsewhere]).toEqual([[], []]);
      await panel.close();
    });

    test("stands the console without its switches for an agent", async () => {
      const panel = await w.open("console", {});
      await panel.app.getByText("Last decisions").first().waitFor();
      expect(await panel.app.getByRole("button", { name: /Pause|Simulate|Check now/ }).count()).toBe(0);
      await panel.close();
    });
  });

  describe("who cannot be let in reads what to do, in the small frame itself", () => {
    const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const seconds = (): number => Math.floor(w.installation.world.clock.now() / 1000);
    test.each([
      [
        "with a token that is over",
        () => w.zendesk.token(w.users.agent, { claims: { exp: seconds() - 120 } }),
        /It has expired\. Load the page again/,
      ],
      [
        "with a forged token",
        () => w.zendesk.token(w.users.admin, { key: stranger.privateKey }),
        /signature is not that of our app.*ask an administrator/,
      ],
      ["as a customer", () => w.zendesk.token(w.users.customer), /This is for agents/],
    ])("%s", async (_who, token, words) => {
      const panel = await w.open("ticket", ticket, { token: await token() });
      await panel.app.getByRole("heading").waitFor();
      expect(await panel.words()).toMatch(words);
      const hidden = await frameOf(panel).evaluate<number>(
        "document.documentElement.scrollHeight - document.documentElement.clientHeight",
      );
      expect(hidden).toBe(0);
      expect(panel.complaints.filter((one) => !/status of 40[13]/.test(one))).toEqual([]);
      await panel.close();
    });
  });

  test("a session that ended meanwhile says how to be recognised anew", async () => {
    const panel = await w.open("ticket", ticket);
    await heading(panel).filter({ hasText: "Enterprise Support" }).waitFor();
    const { world } = w.installation;
    const secret = await panel.app.locator('meta[name="ps-session"]').getAttribute("content");
    await fetch(`${world.service.url}/api/v1/session`, {
      method: "DELETE",
      headers: { authorization: `Bearer ${secret}`, "x-priority-support": "1" },
    });
    await happens(panel.page, "ticket.updated", {});
    await panel.app.getByText("Your session in this panel is over").waitFor();
    await panel.close();
  });

  test("a page without a help desk that answers says where it belongs", async () => {
    const prepare = (page: Page) => page.clock.install();
    const panel = await w.open("ticket", ticket, { silent: true, prepare });
    await panel.app.locator("#root").waitFor({ state: "attached" });
    await panel.page.clock.runFor(6_000);
    await panel.app.getByText("The help desk does not answer this panel").waitFor({ timeout: 20_000 });
    expect(await heardFrom(panel.page)).toEqual([]);
    await panel.close();
  });

  test("no other site can frame the app, not even with a genuine token", async () => {
    const elsewhere = await startZendeskWithApp(() => w.installation.world.clock.now());
    const panel = await w.open("ticket", ticket, { from: elsewhere });
    await w.installation.world.until("the browser's refusal", async () =>
      panel.complaints.some((one) => one.includes("frame-ancestors")) ? true : null,
    );
    expect(await panel.app.getByRole("heading").count()).toBe(0);
    await panel.close();
    await elsewhere.close();
  });

  test("while the service restarts the panel keeps what it knows, says so, and goes on by itself", async () => {
    const { world } = w.installation;
    const panel = await w.open("ticket", ticket);
    await heading(panel).filter({ hasText: "Enterprise Support" }).waitFor();
    await world.service.stop();
    await happens(panel.page, "ticket.updated", {});
    await panel.app.getByText("The service does not answer.").waitFor({ timeout: 20_000 });
    expect(await heading(panel).innerText()).toMatch(/Enterprise Support/);
    await world.restart();
    await panel.app.getByText("The service does not answer.").waitFor({ state: "detached", timeout: 30_000 });
    expect(await panel.words()).toMatch(/Facts: confirmed/);
    await panel.close();
  }, 90_000);
});
