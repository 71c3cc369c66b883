/** `serve`: the service until SIGTERM or Ctrl-C. */
import { userInfo } from "node:os";
import { connectorSettings, crmSettingsFor } from "../assemble.ts";
import { systemClock } from "../clock.ts";
import { environment, readConfig } from "../config.ts";
import { openLog } from "../log.ts";
import { serveSettings, startService } from "../main.ts";
import { consoleOrigin, mayPrintLink, signInAddress } from "../main-console.ts";
import { loadPolicy } from "../policy-in-force.ts";
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
    verifyAfterMs: VERIFY_AFTER_MS,
  });
  complain(
    `Listening on ${service.url}${options.simulate === true ? ", simulating: nothing is written outside" : ""}. Stop with Ctrl-C.`,
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

/** Resolves at the first SIGTERM or SIGINT. */
export function untilSignalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve());
  });
}
