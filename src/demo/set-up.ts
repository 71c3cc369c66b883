/** The demo's help desk, set up by the same plan and apply that an administrator runs. */
import { connectorSettings, openDesk } from "../assemble.ts";
import { readConfig } from "../config.ts";
import { loadPolicy } from "../policy-in-force.ts";
import type { Clock } from "../ports.ts";
import { applied, caughtUp } from "../provision/apply.ts";
import { openStore } from "../store/open.ts";

/** What setting up took, and what the service needs of it. */
export interface SetUp {
  readonly objects: number;
  /** What the webhook signs with. */
  readonly secret: string;
}

/** Applies the policy of these settings. @throws Error when anything was blocked or refused: a demo has nobody to ask. */
export async function setUpDesk(
  env: Readonly<Record<string, string>>,
  clock: Clock,
  progress: (done: number, total: number) => void,
): Promise<SetUp> {
  const config = readConfig(env, connectorSettings);
  const { policy, hash } = loadPolicy(config.policyFile);
  const store = await openStore(config.databaseUrl, { warn: () => {} });
  const desk = openDesk(config, policy, clock);
  try {
    const ports = {
      desk: desk.provisioning,
      store,
      clock,
      policy,
      policyHash: hash,
      publicUrl: config.publicUrl,
    };
    const report = await applied(await caughtUp(ports, "never"), ports, { held: async () => true, progress });
    const [refused] = report.refused;
    if (refused !== undefined) throw new Error(`the demo's desk: ${refused.why}`);
    if (report.stopped !== null) throw report.stopped;
    const webhook = (await store.provisionJournal.owned()).find(({ kind }) => kind === "webhook");
    if (webhook === undefined) throw new Error("the demo's desk has no webhook");
    const secret = await desk.provisioning.signingSecret(webhook.id);
    return { objects: report.done.length, secret };
  } finally {
    await desk.stop();
    await store.close();
  }
}
