/**
 * Talking to the help desk's frame around the page: which ticket is open, who looks at it, how high the panel is.
 *
 * What is known of the protocol, all in this file (the framework's own SDK at
 * github.com/zendesk/zendesk_app_framework_sdk, lib/client.js, read 2026-11-22; the paths and what they answer are
 * remembered, not verified):
 * - The address of the page says `origin` and `app_guid`. Messages are JSON text, to that origin and from it alone.
 * - `{key: "iframe.handshake", message: {version}, appGuid, instanceGuid}` is answered by `{key: "zaf.app.registered"}`.
 * - `{id, request: "get" | "invoke", params, appGuid, instanceGuid}` is answered by `{id, result}` or `{id, error}`;
 *   params of get are paths, the result has them as keys; params of invoke are `{name: [arguments]}`.
 */

/** The frame around the page. */
export interface DeskFrame {
  /** What stands at the paths; one that has no answer is left out. Rejects when the frame says nothing in time. */
  readonly get: (paths: readonly string[]) => Promise<Readonly<Record<string, unknown>>>;
  /** Asks for something to be done; nobody waits for it. */
  readonly invoke: (name: string, argument: unknown) => void;
}

const VERSION = "2.0";
/** The SDK gives up after this long too. */
const DEADLINE_MS = 5_000;

/**
 * The origin that may be believed, from the page's address; null = it is none of a help desk's.
 *
 * @param configured the origin the service works with, null = not told.
 */
export function deskOrigin(search: string, configured: string | null): string | null {
  const told = new URLSearchParams(search).get("origin") ?? "";
  if (!URL.canParse(told)) return null;
  const { origin, protocol, hostname } = new URL(told);
  const isDesk = protocol === "https:" && hostname.endsWith(".zendesk.com");
  return isDesk || (configured !== null && origin === configured) ? origin : null;
}

/** Registers with the frame. @throws Error when no such frame answers in time. */
export async function openDeskFrame(search: string, configured: string | null): Promise<DeskFrame> {
  const origin = deskOrigin(search, configured);
  const guid = new URLSearchParams(search).get("app_guid");
  if (origin === null || guid === null || window.parent === window)
    throw new Error("the page's address names no help desk");
  const post = (message: object): void =>
    window.parent.postMessage(JSON.stringify({ ...message, appGuid: guid, instanceGuid: guid }), origin);
  const waiting = new Map<string | number, Waiting>();
  window.addEventListener("message", (event) => {
    if (event.origin === origin && event.source === window.parent) settle(waiting, event.data);
  });
  const registered = answerTo(waiting, REGISTERED);
  post({ key: "iframe.handshake", message: { version: VERSION } });
  await registered;
  const ids = { last: 0 };
  return {
    get: async (paths) => {
      const id = ++ids.last;
      const answer = answerTo(waiting, id);
      post({ id, request: "get", params: paths });
      return recordOf(await answer);
    },
    invoke: (name, argument) => post({ id: ++ids.last, request: "invoke", params: { [name]: [argument] } }),
  };
}

const REGISTERED = "zaf.app.registered";

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

function answerTo(waiting: Map<string | number, Waiting>, key: string | number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const forget = (): void => {
      clearTimeout(timer);
      waiting.delete(key);
    };
    const fail = (error: Error): void => {
      forget();
      reject(error);
    };
    const timer = setTimeout(() => fail(new Error("the help desk's frame does not answer")), DEADLINE_MS);
    waiting.set(key, {
      resolve: (value) => {
        forget();
        resolve(value);
      },
      reject: fail,
    });
  });
}

function settle(waiting: ReadonlyMap<string | number, Waiting>, data: unknown): void {
  const message = recordOf(typeof data === "string" ? parsed(data) : data);
  const { id, key, error, result } = message;
  const name = typeof id === "number" ? id : key;
  const one = typeof name === "string" || typeof name === "number" ? waiting.get(name) : undefined;
  if (error === undefined || error === null) one?.resolve(result);
  else one?.reject(new Error("the help desk's frame refused"));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
