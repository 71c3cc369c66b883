/** An installation whose app stands in a sandbox Zendesk, and a browser that opens its panels as an agent would. */
import type { Browser, BrowserContextOptions, FrameLocator, Page } from "playwright-core";
import { escalationMacros } from "../../src/provision/desired-work.ts";
import { companyDefinitions, definition } from "../../src/sandbox/hubspot-definitions.ts";
import { openChromium } from "./chromium.ts";
import { type ConsoleWorld, startConsoleWorld } from "./world.ts";
import { appFrame, type DeskData, type HostPage, hostPage } from "./zaf-host.ts";
import { APP_ID, startZendeskWithApp, type ZendeskWithApp } from "./zendesk-with-app.ts";

/** What a test may have otherwise. */
export interface PanelOptions extends Partial<Omit<HostPage, "service">> {
  readonly role?: "admin" | "agent";
  readonly context?: BrowserContextOptions;
  /** Before the page is loaded. */
  readonly prepare?: (page: Page) => Promise<void>;
  /** Who frames the app; default the configured Zendesk. */
  readonly from?: ZendeskWithApp;
}

/** A page of the help desk with the app in it. */
export interface OpenPanel {
  readonly page: Page;
  readonly app: FrameLocator;
  /** All words of the app, in one line. */
  readonly words: () => Promise<string>;
  /** What the browser complained of. */
  readonly complaints: readonly string[];
  /** Addresses beyond the service and the help desk that were asked for. */
  readonly elsewhere: readonly string[];
  readonly close: () => Promise<void>;
}

export interface PanelWorld {
  readonly zendesk: ZendeskWithApp;
  readonly installation: ConsoleWorld;
  readonly browser: Browser;
  readonly users: Readonly<Record<"admin" | "agent" | "customer", string>>;
  /** Opens the app at `place` for what the frame knows. */
  readonly open: (place: HostPage["place"], data: DeskData, options?: PanelOptions) => Promise<OpenPanel>;
  /** A ticket of the customer that plays `role`, decided and read back. */
  readonly ticket: (role: string, change?: object) => Promise<DeskData>;
  readonly close: () => Promise<void>;
}

const SIDEBAR = 320;
export const CHANNEL = "https://acme.slack.com/archives/C0123AURELIA";

/** Starts everything; the customer `addon_tam` has a shared channel and one listed contact. */
export async function startPanelWorld(program: string): Promise<PanelWorld> {
  const state: { now: () => number } = { now: () => 0 };
  const zendesk = await startZendeskWithApp(() => state.now());
  const [browser, installation] = await Promise.all([
    openChromium(program),
    startConsoleWorld({
      synced: false,
      env: { ZENDESK_URL: zendesk.url, ZENDESK_APP_ID: APP_ID },
      policy: (text) =>
        text.replace(
          /^( +)label: support_tier$/m,
          "$1slack_channel: our_slack\n$1contacts: our_contacts\n$&",
        ),
      crm: {
        properties: [
          ...companyDefinitions("text"),
          definition("our_slack", "Slack channel", "string"),
          definition("our_contacts", "Support contacts", "string"),
        ],
      },
    }),
  ]);
  const { world } = installation;
  state.now = world.clock.now;
  zendesk.standsBefore(world.desk.url);
  const { companyId, email } = world.customer("addon_tam");
  world.crm.setCompany(companyId, { our_slack: CHANNEL, our_contacts: email.toUpperCase() });
  await world.service.sync("full");
  await makeMacro(installation);
  const all = [...world.desk.state.users.values()];
  const first = (role: string): string => all.find((one) => one.role === role)?.id ?? "";
  const users = { admin: first("admin"), agent: first("agent"), customer: first("end-user") };
  return {
    zendesk,
    installation,
    browser,
    users,
    open: (place, data, options = {}) =>
      openPanel(browser, { zendesk, service: world.service.url, users }, place, data, options),
    ticket: async (role, change = {}) => {
      const { email: from, organizationId } = world.customer(role);
      const { id } = world.desk.createTicket({ from, channel: "email", ...change });
      await world.settled(id);
      return {
        "ticket.id": Number(id),
        "ticket.organization": { id: Number(organizationId) },
        "ticket.requester.email": from,
      };
    },
    close: async () => {
      await browser.close();
      await installation.close();
      await zendesk.close();
    },
  };
}

/** The macro as `apply` makes it, as far as a panel asks for it. */
async function makeMacro({ world }: ConsoleWorld): Promise<void> {
  const title = escalationMacros(world.policy)[0]?.name;
  const response = await fetch(`${world.desk.url}/api/v2/macros`, {
    method: "POST",
    headers: { authorization: world.desk.authorization, "content-type": "application/json" },
    body: JSON.stringify({ macro: { title, active: true, actions: [{ field: "priority", value: "high" }] } }),
  });
  if (!response.ok) throw new Error(`the macro was not made: ${response.status} ${await response.text()}`);
}

interface Around {
  readonly zendesk: ZendeskWithApp;
  readonly service: string;
  readonly users: PanelWorld["users"];
}

async function openPanel(
  browser: Browser,
  { zendesk, service, users }: Around,
  place: HostPage["place"],
  data: DeskData,
  options: PanelOptions,
): Promise<OpenPanel> {
  const { role = "agent", context: more = {}, prepare, from = zendesk, token, ...change } = options;
  const width = change.width ?? SIDEBAR;
  from.shows(async () =>
    hostPage({
      service,
      place,
      data: { "currentUser.locale": "en-GB", colorScheme: "light", ...data },
      width,
      refuses: [],
      silent: false,
      ...change,
      token: token ?? (await zendesk.token(users[role])),
    }),
  );
  const context = await browser.newContext({
    viewport: { width: place === "console" ? 1280 : width, height: 900 },
    timezoneId: "America/New_York",
    reducedMotion: "reduce",
    ...more,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  const elsewhere: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    if (![service, from.url].some((own) => request.url().startsWith(own))) elsewhere.push(request.url());
  });
  await prepare?.(page);
  await page.goto(`${from.url}/agent/app`);
  const app = appFrame(page);
  const words = async (): Promise<string> => (await app.locator("body").innerText()).replaceAll(/\s+/g, " ");
  return { page, app, words, complaints, elsewhere, close: () => context.close() };
}
