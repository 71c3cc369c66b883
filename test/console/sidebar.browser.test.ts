import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { demoClock } from "../../src/demo/demo-clock.ts";
import { TUESDAY } from "../flow/world.ts";
import { axeFindings, openChromium, whereChromiumIs } from "./chromium.ts";
import { at, type ConsoleWorld, startConsoleWorld } from "./world.ts";
import { type Host, type HostOptions, openHost } from "./zaf-host.ts";
import { APP_ID, startZendeskWithApp, type ZendeskWithApp } from "./zendesk-with-app.ts";

const SCRIPT = '<img src=x onerror="document.title=`taken`">';

whereChromiumIs("the panels beside tickets and organizations", (program) => {
  let browser: Browser;
  let zendesk: ZendeskWithApp;
  let installation: ConsoleWorld;
  const users = { admin: "", agent: "" };
  const seen = { ticket: "", organization: "" };

  beforeAll(async () => {
    zendesk = await startZendeskWithApp(() => installation?.world.clock.now() ?? demoClock(TUESDAY).now());
    const env = { ZENDESK_URL: zendesk.url, ZENDESK_APP_ID: APP_ID };
    [browser, installation] = await Promise.all([
      openChromium(program),
      startConsoleWorld({ synced: false, env }),
    ]);
    const { world } = installation;
    zendesk.standsBefore(world.desk.url);
    const everybody = [...world.desk.state.users.values()];
    users.admin = everybody.find((one) => one.role === "admin")?.id ?? "";
    users.agent = everybody.find((one) => one.role === "agent")?.id ?? "";
    await world.service.sync("full");
    const { email: from, organizationId } = world.customer("addon_tam");
    seen.organization = organizationId;
    const wish = { from, channel: "email", comment: { body: SCRIPT } } as const;
    const both = ["one", SCRIPT].map((subject) => world.desk.createTicket({ ...wish, subject }).id);
    for (const id of both) await world.settled(id);
    seen.ticket = both[0] ?? "";
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await installation?.close();
    await zendesk?.close();
  });

  async function open(
    place: HostOptions["place"],
    user: string,
    change: Readonly<Record<string, unknown>> = {},
    token?: string,
    customerName?: string,
  ): Promise<Host> {
    const beside =
      place === "organization"
        ? { "organization.id": Number(seen.organization) }
        : { "ticket.id": Number(seen.ticket), "ticket.organization.id": Number(seen.organization) };
    return openHost(browser, {
      desk: zendesk.url,
      service: installation.world.service.url,
      place,
      token: token ?? (await zendesk.token(user)),
      answers: { ...beside, "currentUser.locale": "en-US", colorScheme: "light", ...change },
      ...(customerName === undefined ? {} : { customerName }),
    });
  }

  const line = (host: Host) => host.panel.getByRole("heading", { level: 1 });

  test("beside a ticket stands who it is and until when to answer, and the minutes count", async () => {
    const host = await open("ticket", users.agent);
    await expectLine(host, /^Enterprise Support.* — first reply due \d\d?:\d\d.* \((\d+) min left\)$/);
    const before = minutesIn(await line(host).textContent());
    installation.world.clock.advanceTo(installation.world.clock.now() + 5 * 60_000);
    await host.panel.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await line(host)
      .getByText(new RegExp(`\\((${before - 5}|${before - 6}) min left\\)`))
      .waitFor({ timeout: 40_000 });
    const asked = await host.asked();
    expect(asked.some(({ request, params }) => request === "invoke" && "resize" in Object(params))).toBe(
      true,
    );
    const wide = await host.panel.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(320);
    expect(host.complaints).toEqual([]);
    await host.close();
  }, 60_000);

  test("an agent who doubts the tier says so, and it stands on the review list", async () => {
    const host = await open("ticket", users.agent);
    await host.panel.getByRole("button", { name: "Wrong tier?" }).click();
    await host.panel.getByLabel("What looks wrong?").fill("They told us they bought less.");
    await host.panel.getByRole("button", { name: "Send for review" }).click();
    await host.panel.getByText("It stands on the review list").waitFor();
    const admin = await installation.as("admin");
    const reviews = await admin.call("GET", "/api/v1/reviews");
    expect(at(reviews, "reports.0")).toMatchObject({
      ticketId: seen.ticket,
      note: "They told us they bought less.",
    });
    await host.close();
  });

  test("escalating names the macro that keeps the clock, or says what an administrator has to do", async () => {
    const host = await open("ticket", users.agent);
    await host.panel.getByRole("button", { name: "Escalate" }).click();
    await host.panel.getByText(/Apply the macro|priority-support apply/).waitFor();
    await host.close();
  });

  test("beside an organization stand its tier, contract, history and tickets", async () => {
    const host = await open("organization", users.admin);
    await expectLine(host, /^Enterprise Support/);
    for (const part of ["Basis", "ARR", "Contract", "Tier history", "Tickets"])
      await host.panel.getByText(part, { exact: true }).first().waitFor();
    await host.panel.getByRole("link", { name: `#${seen.ticket}` }).waitFor();
    await host.close();
  });

  test.each(["light", "dark"])("nothing keeps people out of either panel in %s", async (colorScheme) => {
    for (const place of ["ticket", "organization"] as const) {
      const host = await open(place, users.admin, { colorScheme });
      await expectLine(host, /^Enterprise Support/);
      if (place === "ticket") await host.panel.getByRole("button", { name: "Wrong tier?" }).click();
      const folder = process.env.SCREENSHOTS;
      if (folder !== undefined) await host.page.screenshot({ path: `${folder}/${place}-${colorScheme}.png` });
      expect(await axeFindings(host.panel)).toEqual([]);
      await host.close();
    }
  });

  test("a script in a customer's name and in what the frame says does nothing", async () => {
    const host = await open("ticket", users.agent, { "ticket.organization.id": SCRIPT }, undefined, SCRIPT);
    await host.panel.getByText(SCRIPT).waitFor();
    expect(await host.panel.locator("img").count()).toBe(0);
    expect(await host.panel.title()).toBe("Priority Support");
    await host.close();
  });

  test("a token that is over opens nothing and says what to do", async () => {
    const now = Math.floor(installation.world.clock.now() / 1000) - 3_600;
    const host = await open("ticket", users.agent, {}, await zendesk.token(users.agent, { now }));
    await host.panel.getByText("It has expired. Load the page again").waitFor();
    await host.close();
  });

  async function expectLine(host: Host, words: RegExp): Promise<void> {
    await line(host).waitFor();
    expect(await line(host).textContent()).toMatch(words);
  }
});

function minutesIn(text: string | null): number {
  return Number(/\((\d+) min left\)/.exec(text ?? "")?.[1]);
}
