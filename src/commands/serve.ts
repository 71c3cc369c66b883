/** `serve`: the service until SIGTERM or Ctrl-C. */
import { connectorSettings, crmSettingsFor } from "../assemble.ts";
import { systemClock } from "../clock.ts";
import { environment, readConfig } from "../config.ts";
import { openLog } from "../log.ts";
import { serveSettings, startService } from "../main.ts";
import { loadPolicy } from "../policy-in-force.ts";
import { complain, EXIT } from "./terminal.ts";

/** A CRM change reaches the desk within this time even without CRM webhooks. */
const SYNC_EVERY_MS = 60_000;
/** With the 90 s that a webhook is given: a missed ticket is found well within five minutes. */
const SWEEP_EVERY_MS = 60_000;

/** Runs until told to stop; a second signal stops at once. */
export async function serveCommand(options: {
  readonly simulate?: boolean;
  readonly setup?: boolean;
}): Promise<number> {
  const env = environment(process.env);
  const setup = options.setup === true;
  const config = readConfig(env, connectorSettings, setup ? [] : serveSettings);
  const { policy } = loadPolicy(config.policyFile);
  if (!setup) readConfig(env, connectorSettings, [...serveSettings, ...crmSettingsFor(policy)]);
  const log = openLog(config.logLevel);
  // Listened for before anything starts: as a container's first process an unheard signal would be ignored.
  const signalled = untilSignalled();
  const service = await startService(config, {
    simulate: options.simulate === true,
    setup,
    clock: systemClock,
    log,
    syncEveryMs: SYNC_EVERY_MS,
    sweepEveryMs: SWEEP_EVERY_MS,
  });
  complain(
    `Listening on ${service.url}${options.simulate === true ? ", simulating: nothing is written outside" : ""}. Stop with Ctrl-C.`,
  );
  await signalled;
  log.info({}, "stopping");
  await service.stop();
  return EXIT.fine;
}

/** Resolves at the first SIGTERM or SIGINT. */
export function untilSignalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve());
  });
}
