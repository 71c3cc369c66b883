/**
 * Talking to the help desk's frame around the page: which ticket is open, who looks at it, how high the panel is.
 *
 * What is known of the protocol, all in this file:
 * - The address of the page says `origin` and `app_guid`. Messages are JSON text, to that origin and from it alone;
 *   every message of ours has `appGuid` and `instanceGuid`.
 * - `{key: "iframe.handshake", message: {version}}` is answered by `{key: "zaf.app.registered", message}`.
 * - `{id, request: "get" | "set" | "invoke", params}` is answered by `{id, result}` or `{id, error}`. Params of get are
 *   paths, of set values by path, of invoke lists of arguments by name. A path or name that failed alone stands in
 *   `result.errors`.
 * - `{key: "iframe.on:NAME", message: {subscriberCount}}` asks for an event, which comes as `{key: "zaf.NAME", message}`;
 *   `iframe.off:NAME` ends it.
 *   (The framework's own SDK, github.com/zendesk/zendesk_app_framework_sdk, lib/client.js at e3450e3, read 2026-12-01.)
 * - Paths `ticket.id`, `ticket.organization`, `ticket.requester.email`, `organization.id`, `currentUser.locale`,
 *   `colorScheme`, `comment.type`; actions `resize`, `notify`, `routeTo`, `comment.appendText`, `ticket.tags.add`; events
 *   `app.activated`, `ticket.updated`, `ticket.requester.id.changed`, `ticket.organization.changed`,
 *   `colorScheme.changed` (developer.zendesk.com/api-reference/apps and apps that use them, read 2026-12-01; what they
 *   answer is remembered, not verified: anything else than expected counts as "not told").
 */

import { deskOrigin } from "./desk-origin.ts";

/** The frame around the page. */
export interface DeskFrame {
  /** What stands at the paths; one that has no answer is left out. Rejects when the frame says nothing in time. */
  readonly get: (paths: readonly string[]) => Promise<Readonly<Record<string, unknown>>>;
  /** Sets what stands at a path. Rejects when the frame refuses. */
  readonly set: (path: string, value: unknown) => Promise<void>;
  /** Asks for something to be done. Rejects when the frame refuses or says nothing in time. */
  readonly invoke: (name: string, ...args: readonly unknown[]) => Promise<void>;
  /** Hears of an event until the answer is called. */
  readonly on: (event: string, heard: (message: unknown) => void) => () => void;
}

const VERSION = "2.0";
/** A frame that is there answers at once; the SDK itself waits for minutes, which nobody would. */
const DEADLINE_MS = 5_000;

/** Registers with the frame. @throws Error when no such frame answers in time. */
export async function openDeskFrame(search: string, configured: string | null): Promise<DeskFrame> {
  const origin = deskOrigin(search, configured);
  const guid = new URLSearchParams(search).get("app_guid");
  if (origin === null || guid === null || window.parent === window)
    throw new Error("the page's address names no help desk");
  const post = (message: object): void =>
    window.parent.postMessage(JSON.stringify({ ...message, appGuid: guid, instanceGuid: guid }), origin);
  const line: Line = { post, waiting: new Map(), heard: new Map(), ids: { last: 0 } };
  window.addEventListener("message", (event) => {
    if (event.origin === origin && event.source === window.parent) settle(line, event.data);
  });
  const registered = answerTo(line, REGISTERED);
  post({ key: "iframe.handshake", message: { version: VERSION } });
  await registered;
  return {
    get: async (paths) => recordOf(await ask(line, "get", paths)),
    set: async (path, value) => refusing(await ask(line, "set", { [path]: value }), path),
    invoke: async (name, ...args) => refusing(await ask(line, "invoke", { [name]: args }), name),
    on: (event, heard) => listen(line, event, heard),
  };
}

const REGISTERED = "zaf.app.registered";
const EVENT = "zaf.";

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface Line {
  readonly post: (message: object) => void;
  readonly waiting: Map<string | number, Waiting>;
  readonly heard: Map<string, ReadonlySet<(message: unknown) => void>>;
  readonly ids: { last: number };
}

function ask(line: Line, request: "get" | "set" | "invoke", params: unknown): Promise<unknown> {
  line.ids.last += 1;
  const id = line.ids.last;
  const answer = answerTo(line, id);
  line.post({ id, request, params });
  return answer;
}

function refusing(result: unknown, name: string): void {
  if (recordOf(recordOf(result).errors)[name] !== undefined) throw new Error("the help desk's frame refused");
}

function listen(line: Line, event: string, heard: (message: unknown) => void): () => void {
  const change = (listeners: readonly ((message: unknown) => void)[], key: string): void => {
    line.heard.set(event, new Set(listeners));
    line.post({ key: `iframe.${key}:${event}`, message: { subscriberCount: listeners.length } });
  };
  change([...(line.heard.get(event) ?? []), heard], "on");
  return () =>
    change(
      [...(line.heard.get(event) ?? [])].filter((one) => one !== heard),
      "off",
    );
}

function answerTo({ waiting }: Line, key: string | number): Promise<unknown> {
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

function settle({ waiting, heard }: Line, data: unknown): void {
  const { id, key, error, result, message } = recordOf(typeof data === "string" ? parsed(data) : data);
  const name = typeof id === "number" ? id : key;
  if (typeof name !== "string" && typeof name !== "number") return;
  const one = waiting.get(name);
  if (error !== undefined && error !== null) one?.reject(new Error("the help desk's frame refused"));
  else one?.resolve(result);
  if (typeof name === "string" && name.startsWith(EVENT))
    for (const listener of heard.get(name.slice(EVENT.length)) ?? []) listener(message);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The value's own fields; nothing for anything that has none. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
