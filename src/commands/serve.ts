/** `serve`: the service until SIGTERM or Ctrl-C. */
import { existsSync } from "node:fs";
import { userInfo } from "node:os";
import { connectorSettings, crmSettingsFor } from "../assemble.ts";
import { systemClock } from "../clock.ts";
import { type Config, environment, readConfig } from "../config.ts";
import { openLog } from "../log.ts";
import { serveSettings, startService } from "../main.ts";
import { consoleOrigin, mayPrintLink, signInAddress } from "../main-console.ts";
import { loadPolicy } from "../policy-in-force.ts";
import { type RefusedSetting, refusedSettings, withoutRefused } from "../setting-states.ts";
import { complain, EXIT } from "./terminal.ts";

/** A CRM change reaches the desk within this time even without CRM webhooks. */
const SYNC_EVERY_MS = 60_000;
/** With the 90 s that a webhook is given: a missed ticket is found well within five minutes. */
const SWEEP_EVERY_MS = 60_000;
/** At a ticket a second one call reads thirty of them back; an SLA that did not attach is known within half a minute. */
const VERIFY_AFTER_MS = 30_000;

/** Runs until told to stop; a second signal stops at once. */
export async function serveCommand(options: {
  readonly simulate?: boolean;
  readonly setup?: boolean;
}): Promise<number> {
  const setup = options.setup === true;
  const { config, refused } = setup ? setUpSettings() : { config: serveConfig(), refused: [] };
  const log = openLog(config.logLevel);
  // Listened for before anything starts: as a container's first process an unheard signal would be ignored.
  const signalled = untilSignalled();
  const service = await startService(config, {
    simulate: options.simulate === true,
    setup,
    refused,
    clock: systemClock,
    log,
    syncEveryMs: setup && config.secret("HUBSPOT_ACCESS_TOKEN") === null ? 0 : SYNC_EVERY_MS,
    sweepEveryMs: SWEEP_EVERY_MS,
    verifyAfterMs: VERIFY_AFTER_MS,
  });
  complain(
    `Listening on ${service.url}${setup ? ", for set-up only: nothing is written outside" : options.simulate === true ? ", simulating: nothing is written outside" : ""}. Stop with Ctrl-C.`,
  );
  if (mayPrintLink(config, process.stderr.isTTY === true)) {
    const person = { email: `${userInfo().username}@localhost`, role: "admin" as const };
    const { url } = await signInAddress(service.store, service.url, person, systemClock.now());
    complain(`Console, signed in as ${person.email} (once, within 10 minutes): ${url}`);
  } else complain(`Console: ${consoleOrigin(config)}/console`);
  await signalled;
  log.info({}, "stopping");
  await service.stop();
  return EXIT.fine;
}

/** Every setting that the service needs. Without a file of its own name, the store's published version decides. */
function serveConfig(): Config {
  const env = environment(process.env);
  const config = readConfig(env, connectorSettings, serveSettings);
  if (!config.policyFileExplicit && !existsSync(config.policyFile)) return config;
  const { policy } = loadPolicy(config.policyFile);
  return readConfig(env, connectorSettings, [...serveSettings, ...crmSettingsFor(policy)]);
}

/** While things are being set up, a setting that cannot be used is shown, and keeps nothing else from being looked at. */
function setUpSettings(): { readonly config: Config; readonly refused: readonly RefusedSetting[] } {
  const env = environment(process.env);
  const refused = refusedSettings(env, connectorSettings);
  const config = readConfig(withoutRefused(env, refused), connectorSettings);
  // `apply` makes this file: before that nobody can have it.
  const isToCome = !existsSync(env.ZENDESK_WEBHOOK_SECRET_FILE?.trim() ?? "");
  const told = refused.filter(({ name }) => !(name === "ZENDESK_WEBHOOK_SECRET" && isToCome));
  return { config, refused: told };
}

/** Resolves at the first SIGTERM or SIGINT. */
export function untilSignalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve());
  });
}
