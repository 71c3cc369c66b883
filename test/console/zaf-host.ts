/** An agent's screen in the help desk: a page at its origin that frames our app and speaks its frame's protocol. */
import type { Browser, BrowserContextOptions, Frame, Page } from "playwright-core";

const GUID = "5f0c-a11e";

export interface HostOptions {
  /** The help desk's origin; the page stands there. */
  readonly desk: string;
  /** Our service. */
  readonly service: string;
  readonly place: "ticket" | "organization";
  /** The signed token that the first load carries. */
  readonly token: string;
  /** What the frame answers, by path: `ticket.id`, `colorScheme`, … */
  readonly answers: Readonly<Record<string, unknown>>;
  /** The customer is called so, whatever the store says. */
  readonly customerName?: string;
}

export interface Host {
  readonly page: Page;
  /** Our panel. */
  readonly panel: Frame;
  /** Requests of the panel, `{get: [...]}` or `{invoke: {...}}` as they came. */
  readonly asked: () => Promise<readonly { readonly request: string; readonly params: unknown }[]>;
  /** Errors and refusals in the browser's console. */
  readonly complaints: readonly string[];
  readonly close: () => Promise<void>;
}

/** Opens the screen with our panel in it, 320 px wide. */
export async function openHost(
  browser: Browser,
  options: HostOptions,
  look: BrowserContextOptions = {},
): Promise<Host> {
  const context = await browser.newContext({
    viewport: { width: 320, height: 700 },
    locale: "en-GB",
    timezoneId: "America/New_York",
    ...look,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.route(`${options.desk}/agent`, (route) =>
    route.fulfill({ contentType: "text/html", body: screenOf(options) }),
  );
  const { customerName: name } = options;
  if (name !== undefined)
    await page.route("**/api/v1/tickets/*/sidebar*", async (route) => {
      const response = await route.fetch();
      const answer = await response.json();
      await route.fulfill({ response, json: { ...answer, account: { ...answer.account, name } } });
    });
  await page.goto(`${options.desk}/agent`);
  await page.waitForFunction(() => document.querySelector("iframe") !== null);
  const panel = page.frames().find((one) => one.name() === "app");
  if (panel === undefined) throw new Error("the app's frame is not there");
  const asked = (): ReturnType<Host["asked"]> =>
    page.evaluate(() => (globalThis as unknown as { asked: Awaited<ReturnType<Host["asked"]>> }).asked);
  return { page, panel, asked, complaints, close: () => context.close() };
}

function screenOf({ desk, service, place, token, answers }: HostOptions): string {
  const action = `${service}/zaf/${place}?${new URLSearchParams({ origin: desk, app_guid: GUID })}`;
  const told = JSON.stringify({ answers, service, guid: GUID }).replaceAll("<", "\\u003c");
  return `<!doctype html><html lang="en"><head><title>Agent workspace</title><style>
body { margin: 0 } iframe { border: 0; display: block; width: 320px; height: 100vh }
</style></head><body><iframe name="app" title="Priority Support"></iframe>
<form method="post" target="app" action="${action.replaceAll("&", "&amp;")}"><input type="hidden" name="token" value="${token}"></form>
<script>
const { answers, service, guid } = ${told};
window.asked = [];
addEventListener("message", ({ data, origin, source }) => {
  const { id, key, request, params, appGuid } = JSON.parse(data);
  if (origin !== service || appGuid !== guid) return;
  const reply = (message) => source.postMessage(JSON.stringify(message), service);
  if (key === "iframe.handshake") return reply({ key: "zaf.app.registered", message: { metadata: {}, context: {} } });
  window.asked.push({ request, params });
  const result = { errors: {} };
  if (request === "get") for (const path of params) if (path in answers) result[path] = answers[path];
  reply({ id, result });
});
document.forms[0].submit();
</script></body></html>`;
}
