/** Policy versions that were published from the console: the truth where no file was named. */
import type { Register } from "./ports.ts";

/** Setting that holds the published versions, newest first, as a JSON list. */
const PUBLISHED = "policy:published";
/** Enough to find one that is in force already while later ones wait for their day. */
const KEPT = 50;

/** Versions that were published, the last one first; empty = none, the file decides. */
export async function publishedVersions(register: Pick<Register, "setting">): Promise<readonly string[]> {
  const text = await register.setting(PUBLISHED);
  const list: unknown = text === null ? [] : JSON.parse(text);
  return Array.isArray(list) ? list.map(String) : [];
}

/** Puts a version in front; publishing an old one again is rolling back. */
export async function markPublished(register: Register, version: string): Promise<void> {
  const before = await publishedVersions(register);
  await register.setSetting(PUBLISHED, JSON.stringify([version, ...before].slice(0, KEPT)));
}
