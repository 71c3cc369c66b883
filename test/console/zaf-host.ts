/**
 * A page that frames the app as Zendesk does: it posts the signed token into the frame and speaks the framework's
 * messages from the other side.
 *
 * What is known of that side is what src/console/ui/zaf.ts says of it; this is its counterpart, kept in this one file. That
 * a frame is loaded by a form post with `origin` and `app_guid` in the address is documented (signed URLs); that it is
 * sandboxed with these words is remembered, not verified.
 */
import type { FrameLocator, Page } from "playwright-core";

/** What the frame knows; a path that is not here is refused, as one that does not exist. */
export type DeskData = Readonly<Record<string, unknown>>;

/** One message of the app, as it came. */
export interface AppMessage {
  readonly key?: string;
  readonly request?: string;
  readonly params?: unknown;
  readonly message?: unknown;
}

export interface HostPage {
  /** Address of the service. */
  readonly service: string;
  readonly place: "ticket" | "organization" | "console";
  /** Signed by Zendesk; it is good once. */
  readonly token: string;
  readonly data: DeskData;
  readonly width: number;
  /** Names of actions and paths that are refused. */
  readonly refuses: readonly string[];
  /** Another app's frame, or none at all, says nothing. */
  readonly silent: boolean;
}

const GUID = "0c5e1d6e-app";

/** The whole page. */
export function hostPage(host: HostPage): string {
  const size = host.place === "console" ? "width:100%;height:100vh" : `width:${host.width}px;height:80px`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Agent workspace</title><link rel="icon" href="data:,"></head>
<body style="margin:0"><iframe name="app" title="Priority Support" style="border:0;display:block;${size}"
  sandbox="allow-scripts allow-forms allow-popups allow-popups-to-escape-sandbox allow-same-origin"></iframe>
<form method="post" target="app"><input type="hidden" name="token"></form>
<script>(${SCRIPT})(${JSON.stringify({ ...host, guid: GUID }).replaceAll("<", "\\u003c")});</script></body></html>`;
}

const SCRIPT = `(host) => {
  const frame = document.querySelector("iframe");
  const heard = [];
  const listened = new Set();
  const say = (message) => frame.contentWindow.postMessage(JSON.stringify(message), host.service);
  const answer = (id, params, of) => {
    const errors = {};
    const result = { errors };
    for (const name of Array.isArray(params) ? params : Object.keys(params)) {
      if (host.refuses.includes(name) || !of(name, result)) errors[name] = { path: name, message: "refused" };
    }
    say({ id, result });
  };
  const requests = {
    get: (params, name, result) => {
      if (!(name in host.data)) return false;
      result[name] = host.data[name];
      return true;
    },
    set: (params, name) => {
      host.data[name] = params[name];
      return true;
    },
    invoke: (params, name) => {
      if (name === "resize") frame.style.height = params[name][0].height;
      return true;
    },
  };
  window.addEventListener("message", ({ source, origin, data }) => {
    if (source !== frame.contentWindow || origin !== host.service || host.silent) return;
    const message = JSON.parse(data);
    if (message.appGuid !== host.guid || message.instanceGuid !== host.guid) return;
    heard.push(message);
    const { id, key, request, params } = message;
    if (key === "iframe.handshake") say({ key: "zaf.app.registered", message: { metadata: {}, context: {} } });
    else if (key?.startsWith("iframe.on:")) listened.add(key.slice(10));
    else if (request in requests)
      answer(id, params, (name, result) => requests[request](params, name, result));
  });
  window.zendesk = {
    heard,
    happens: (event, change, message) => {
      Object.assign(host.data, change);
      if (listened.has(event)) say({ key: "zaf." + event, message });
      return listened.has(event);
    },
  };
  const form = document.forms[0];
  form.action = host.service + "/zaf/" + host.place + "?origin=" + encodeURIComponent(location.origin) +
    "&app_guid=" + host.guid;
  form.elements.token.value = host.token;
  form.submit();
}`;

interface HostWindow {
  readonly zendesk: {
    readonly heard: readonly AppMessage[];
    readonly happens: (event: string, change: DeskData, message: unknown) => boolean;
  };
}

/** The app's frame in the page. */
export function appFrame(page: Page): FrameLocator {
  return page.frameLocator("iframe");
}

/** Everything the app said so far. */
export function heardFrom(page: Page): Promise<readonly AppMessage[]> {
  return page.evaluate(() => (globalThis as unknown as HostWindow).zendesk.heard);
}

/** Something happens in the help desk; false = the app does not listen to it. */
export function happens(
  page: Page,
  event: string,
  change: DeskData,
  message: unknown = null,
): Promise<boolean> {
  return page.evaluate(
    ([name, values, told]) => (globalThis as unknown as HostWindow).zendesk.happens(name, values, told),
    [event, change, message] as const,
  );
}
