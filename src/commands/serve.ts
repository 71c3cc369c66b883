/** `serve`: the service until SIGTERM or Ctrl-C. */
import { connectorSettings, crmSettings } from "../assemble.ts";
import { systemClock } from "../clock.ts";
import { environment, readConfig } from "../config.ts";
import { openLog } from "../log.ts";
import { serveSettings, startService } from "../main.ts";
import { loadPolicy } from "../policy-in-force.ts";
import { complain, EXIT } from "./terminal.ts";

/** A CRM change reaches the desk within this time even without CRM webhooks. */
const SYNC_EVERY_MS = 60_000;

/** Runs until told to stop; a second signal stops at once. */
export async function serveCommand(options: {
  readonly simulate?: boolean;
  readonly setup?: boolean;
}): Promise<number> {
  const env = environment(process.env);
  const setup = options.setup === true;
  const config = readConfig(env, connectorSettings, setup ? [] : serveSettings);
  const { policy } = loadPolicy(config.policyFile);
  if (Object.keys(policy.crm).length > 0 && !setup)
    readConfig(env, connectorSettings, [...serveSettings, ...crmSettings]);
  const log = openLog(config.logLevel);
  const service = await startService(config, {
    simulate: options.simulate === true,
    setup,
    clock: systemClock,
    log,
    syncEveryMs: SYNC_EVERY_MS,
  });
  complain(
    `Listening on ${service.url}${options.simulate === true ? ", simulating: nothing is written outside" : ""}. Stop with Ctrl-C.`,
  );
  await untilSignalled();
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
