/** Pages inside the help desk: a signed address in, our own short session and the page out. */
import express, { type NextFunction, type Request, type Response, type Router } from "express";
import { NeedsAdmin, Paused, TryAgain } from "../errors.ts";
import { errorFields } from "../log.ts";
import type { ConsoleRole, DeskPerson } from "../ports.ts";
import { callerOf } from "./browser.ts";
import { type Pages, sendSimple } from "./pages.ts";
import type { ConsoleParts } from "./parts.ts";
import { rateLimit } from "./rate-limit.ts";
import { hashOf, isEmail, openSession } from "./sessions.ts";
import { readToken, type TokenReading } from "./zaf-token.ts";

const PLACES = ["ticket", "organization", "console"] as const;

/** A key may be replaced; it is asked for again after this long, or when it fits no more. */
const KEY_MS = 60 * 60_000;
/** A wrong signature asks for the key again, but not for every forged token. */
const KEY_AGAIN_MS = 60_000;
/** Somebody who loses a role loses it here within this time, and at the end of the session at the latest. */
const PERSON_MS = 5 * 60_000;
const PEOPLE_KEPT = 2_000;
const LOADS_A_MINUTE = 600;

/** Answers one of the three addresses in the app's manifest. */
export function zafRouter(parts: ConsoleParts, pages: Pages): Router {
  const router = express.Router({ caseSensitive: true });
  const form = express.urlencoded({ extended: false, limit: "32kb", parameterLimit: 20, inflate: false });
  const door: Door = { parts, keys: keyRing(parts), people: directory(parts) };
  const loads = rateLimit(LOADS_A_MINUTE, 60_000);
  // Whoever is not let in must be able to read why, where the page stands.
  const tell = (response: Response, status: number, title: string, words: string): void =>
    sendSimple(response, status, title, words, parts.apps.origin);
  for (const place of PLACES) {
    const path = `/zaf/${place}`;
    router.post(path, form, async (request: Request, response: Response) => {
      if (loads.take(callerOf(request), parts.clock.now()) !== null)
        return tell(response, 429, "Too many pages at once", "Wait a minute and load it again.");
      const entry = await enter(door, tokenIn(request));
      if (!entry.ok) return tell(response, entry.status, entry.title, entry.words);
      pages.send(response, { place, session: entry.secret, role: entry.role, frame: parts.apps.origin });
    });
    router.get(path, (_request, response) =>
      tell(
        response,
        401,
        "Open this inside your help desk",
        "It is part of the priority-support app and has no address of its own.",
      ),
    );
  }
  router.use("/zaf", (error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    parts.log.warn(errorFields(error), "a page for the help desk could not be answered");
    tell(response, 400, "The request cannot be read", "Load the page again.");
  });
  return router;
}

interface Door {
  readonly parts: ConsoleParts;
  readonly keys: KeyRing;
  readonly people: (userId: string) => Promise<DeskPerson | null>;
}

type Entry =
  | { readonly ok: true; readonly secret: string; readonly role: ConsoleRole }
  | { readonly ok: false; readonly status: number; readonly title: string; readonly words: string };

function tokenIn(request: Request): string {
  const body: unknown = request.body;
  const token = typeof body === "object" && body !== null && "token" in body ? body.token : "";
  return typeof token === "string" ? token : "";
}

async function enter(door: Door, token: string): Promise<Entry> {
  const { parts } = door;
  const now = parts.clock.now();
  try {
    const reading = await readWithKey(door, token, now);
    if (!reading.ok) return refused(parts, reading.why);
    const { sessions } = parts.store.console;
    if (!(await sessions.spend(hashOf(token), reading.expiresAt)))
      return refused(parts, "It was used before.");
    const person = await door.people(reading.userId);
    const role = roleOf(person);
    if (person === null || role === null)
      return closed(
        403,
        "This is for agents",
        "Your user in the help desk is no active agent or administrator.",
      );
    const email = person.email !== null && isEmail(person.email) ? person.email : `user ${person.id}`;
    return { ok: true, role, secret: await openSession(sessions, { email, role, how: "zendesk" }, now) };
  } catch (error) {
    if (!(error instanceof TryAgain || error instanceof Paused || error instanceof NeedsAdmin)) throw error;
    parts.log.warn(errorFields(error), "the help desk could not be asked who opens its app");
    return closed(503, "The help desk does not answer us", "Load the page again in a minute.");
  }
}

/** Admins change, agents read; light agents are agents, end users are nobody here. */
function roleOf(person: DeskPerson | null): ConsoleRole | null {
  if (person === null || !person.active) return null;
  if (person.role === "admin") return "admin";
  return person.role === "agent" ? "agent" : null;
}

function refused(parts: ConsoleParts, why: string): Entry {
  parts.log.warn({ why }, "a token of the help desk's app was refused");
  return closed(
    401,
    "You could not be recognised",
    `${why} Load the page again; if it stays, ask an administrator.`,
  );
}

function closed(status: number, title: string, words: string): Entry {
  return { ok: false, status, title, words };
}

/** With the key that is known; where its signature does not fit, once more with the key of this moment. */
async function readWithKey({ parts, keys }: Door, token: string, now: number): Promise<TokenReading> {
  const { origin } = parts.apps;
  if (parts.appId === null)
    return { ok: false, why: "The service does not know the app yet: ZENDESK_APP_ID is not set." };
  const key = await keys.known(parts.appId, now);
  if (key === null) return { ok: false, why: "The help desk has no such app: ZENDESK_APP_ID is not its id." };
  const reading = await readToken(token, { origin, key }, now);
  if (reading.ok) return reading;
  const fresh = await keys.again(parts.appId, now);
  return fresh === null || fresh === key ? reading : readToken(token, { origin, key: fresh }, now);
}

interface KeyRing {
  known(appId: string, now: number): Promise<string | null>;
  /** null = it was asked for just now. */
  again(appId: string, now: number): Promise<string | null>;
}

function keyRing({ apps }: ConsoleParts): KeyRing {
  const kept = new Map<string, { readonly key: string | null; readonly at: number }>();
  const ask = async (appId: string, now: number): Promise<string | null> => {
    const key = await apps.appKey(appId);
    kept.set(appId, { key, at: now });
    return key;
  };
  const fresh = (appId: string, now: number, ms: number): string | null | undefined => {
    const one = kept.get(appId);
    return one === undefined || now - one.at >= ms ? undefined : one.key;
  };
  return {
    known: async (appId, now) => {
      const key = fresh(appId, now, KEY_MS);
      // That there is no such app may change at any moment: it is being installed.
      return key === undefined || key === null ? ask(appId, now) : key;
    },
    again: async (appId, now) => (fresh(appId, now, KEY_AGAIN_MS) === undefined ? ask(appId, now) : null),
  };
}

/** Who somebody is, asked once in a while: a sidebar is loaded with every ticket. */
function directory({ apps, clock }: ConsoleParts): Door["people"] {
  const kept = new Map<string, { readonly person: DeskPerson | null; readonly until: number }>();
  return async (userId) => {
    const now = clock.now();
    const known = kept.get(userId);
    if (known !== undefined && known.until > now) return known.person;
    const person = await apps.person(userId);
    kept.delete(userId);
    const [oldest] = kept.keys();
    if (kept.size >= PEOPLE_KEPT && oldest !== undefined) kept.delete(oldest);
    kept.set(userId, { person, until: now + PERSON_MS });
    return person;
  };
}
