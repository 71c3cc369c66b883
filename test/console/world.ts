/** The console as a browser meets it: a whole installation, people signed in, calls over real HTTP. */
import { makeLink, openSession } from "../../src/console/sessions.ts";
import type { ConsoleRole, ConsoleSession } from "../../src/ports.ts";
import { startWorld, type World, type WorldOptions } from "../flow/world.ts";

type Headers = Readonly<Record<string, string | null>>;

export interface Answer {
  readonly status: number;
  readonly headers: globalThis.Headers;
  readonly body: unknown;
  readonly text: string;
}

/** Somebody at a browser, or nobody. */
export interface Person {
  readonly secret: string | null;
  /** One call as the console's own page makes it; a header that is null is left out. */
  readonly call: (method: string, path: string, body?: unknown, headers?: Headers) => Promise<Answer>;
}

export interface ConsoleWorld {
  readonly world: World;
  /** Signs somebody in without a browser. */
  readonly as: (role: ConsoleRole, how?: ConsoleSession["how"]) => Promise<Person>;
  readonly nobody: Person;
  /** The secret of a one-time link. */
  readonly link: (role: ConsoleRole) => Promise<string>;
  readonly close: () => Promise<void>;
}

/** Starts an installation with the console in it. */
export async function startConsoleWorld(options: WorldOptions = {}): Promise<ConsoleWorld> {
  const world = await startWorld(options);
  const sessions = () => world.service.store.console.sessions;
  const email = (role: ConsoleRole): string => `${role}@acme.example`;
  return {
    world,
    as: async (role, how = "link") => {
      const secret = await openSession(sessions(), { email: email(role), role, how }, world.clock.now());
      return person(world.service.url, secret);
    },
    nobody: person(world.service.url, null),
    link: (role) => makeLink(sessions(), { email: email(role), role }, world.clock.now()),
    close: world.close,
  };
}

/** Whoever holds a session's secret. */
export function person(url: string, secret: string | null): Person {
  return {
    secret,
    call: async (method, path, body, headers = {}) => {
      const wanted: Headers = {
        accept: "application/json",
        "x-priority-support": "1",
        ...(secret === null ? {} : { cookie: `ps_session=${secret}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      };
      const response = await fetch(`${url}${path}`, {
        method,
        headers: Object.entries(wanted).flatMap(([name, value]): [string, string][] =>
          value === null ? [] : [[name, value]],
        ),
        redirect: "manual",
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const json = response.headers.get("content-type")?.includes("json") === true && text !== "";
      const read: unknown = json ? JSON.parse(text) : null;
      return { status: response.status, headers: response.headers, text, body: read };
    },
  };
}

/** What stands at a path of an answer: `decisions.0.id`. */
export function at(answer: Answer, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (value, key) => (value as Readonly<Record<string, unknown>> | null | undefined)?.[key],
      answer.body,
    );
}
