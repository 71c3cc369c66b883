/** Signing in: one-time links, sessions that end by themselves, and who somebody is. Secrets are stored hashed only. */
import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { Instant } from "../policy/model.ts";
import type { ConsoleRole, ConsoleSession, ConsoleSessions } from "../ports.ts";

/** A sign-in link is good for this long. */
export const LINK_MS = 10 * 60_000;
/** Nobody stays signed in longer than a working day. */
export const SESSION_MS = 12 * 60 * 60_000;
/** Nor longer than this without doing anything. */
export const IDLE_MS = 60 * 60_000;
/** The last use is written down no more often than this. */
const TOUCH_MS = 60_000;

/** 256 random bits as text that fits into an address, a header and a cookie. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** What is stored instead of a secret. It needs no salt and no stretching: a secret has 256 random bits. */
export function hashOf(secret: string): string {
  return createHash("sha256").update(secret, "utf8").digest("hex");
}

/** Is this an address that a person can be named by? */
export function isEmail(text: string): boolean {
  return text.length <= 254 && /^[^\s@<>"]+@[^\s@<>"]+$/.test(text);
}

/** Keeps a one-time link for a named person; answers its secret, which is told to nobody else. */
export async function makeLink(
  sessions: ConsoleSessions,
  person: { readonly email: string; readonly role: ConsoleRole },
  now: Instant,
): Promise<string> {
  const secret = newSecret();
  await sessions.prune(now - SESSION_MS);
  await sessions.addLink(hashOf(secret), person.email, person.role, now + LINK_MS);
  return secret;
}

/** Signs a person in; answers the session's secret. */
export async function openSession(
  sessions: ConsoleSessions,
  person: { readonly email: string; readonly role: ConsoleRole; readonly how: ConsoleSession["how"] },
  now: Instant,
): Promise<string> {
  const secret = newSecret();
  await sessions.open(hashOf(secret), {
    id: randomUUID(),
    ...person,
    createdAt: now,
    seenAt: now,
    expiresAt: now + SESSION_MS,
  });
  return secret;
}

/** Uses a one-time link up and signs its person in; null = the link is unknown, used or over. */
export async function exchangeLink(
  sessions: ConsoleSessions,
  secret: string,
  now: Instant,
): Promise<string | null> {
  const person = await sessions.takeLink(hashOf(secret), now);
  return person === null ? null : openSession(sessions, { ...person, how: "link" }, now);
}

/** Who is behind a session's secret at `now`; null = nobody (any more). Counts as being there. */
export async function whoIs(
  sessions: ConsoleSessions,
  secret: string,
  now: Instant,
): Promise<ConsoleSession | null> {
  const session = await sessions.find(hashOf(secret));
  if (session === null || !isAlive(session, now)) return null;
  if (now - session.seenAt >= TOUCH_MS) await sessions.touch(session.id, now);
  return session;
}

/** Has a session neither ended nor been left alone for too long? */
export function isAlive(session: ConsoleSession, now: Instant): boolean {
  return now < session.expiresAt && now - session.seenAt < IDLE_MS;
}
