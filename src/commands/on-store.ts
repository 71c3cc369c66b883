/** What verbs that only need the store have in common: settings, the store, and closing it again. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { connectorSettings } from "../assemble.ts";
import { systemClock } from "../clock.ts";
import { type Config, environment, readConfig } from "../config.ts";
import type { Policy } from "../policy/model.ts";
import { lastPublished, loadPolicy } from "../policy-in-force.ts";
import type { Store } from "../ports.ts";
import { openStore } from "../store/open.ts";
import { complain } from "./terminal.ts";

/**
 * Runs `work` on the configured store and closes it, however `work` ends.
 *
 * @param config left out = the settings of the environment, none of which is required.
 */
export async function onStore<T>(
  work: (store: Store, config: Config) => Promise<T>,
  config = readConfig(environment(process.env), connectorSettings),
): Promise<T> {
  const path = /^sqlite:(?:\/\/)?(.+)$/.exec(config.databaseUrl)?.[1];
  if (path !== undefined && !existsSync(path))
    complain(
      `There was no store at ${resolve(path)}; a new one was made, which a service that runs elsewhere does not see.\nfix: Run this in the folder of the service, or set DATABASE_URL to its store.`,
    );
  const store = await openStore(config.databaseUrl, { warn: complain });
  try {
    return await work(store, config);
  } finally {
    await store.close();
  }
}

/** The policy whose words and tiers count: the file's, or what the console published where no file was named. */
export async function policyOf(store: Store, config: Config): Promise<Policy> {
  const { register, console: ours } = store;
  const published = config.policyFileExplicit
    ? null
    : await lastPublished(register, ours.policies, systemClock.now());
  return published ?? loadPolicy(config.policyFile).policy;
}

/** A moment as people read it, to the second. */
export function moment(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** A span in the largest unit that says enough: `42 s`, `17 min`, `5 h`, `3 d`. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} d`;
}
