/** The stage of the account figures: a filled store, and the CRM and help desk it mirrors. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { demoPolicyText } from "../../src/demo/demo-policy.ts";
import { type Child, startChild } from "./child.ts";

/** A filled store, and the world it mirrors. */
export interface Stage {
  readonly folder: string;
  readonly accounts: number;
  readonly env: Readonly<Record<string, string>>;
  readonly databaseUrl: string;
  readonly port: number;
  readonly secret: string;
  readonly world: Child;
}

const SECRET = "a signing secret of the benchmark";
const PORT = 39_417;

/** What is to stand on a stage. */
export interface Setting {
  readonly accounts: number;
  /** How many companies will be changed. */
  readonly changeable: number;
  /** Background jobs that the help desk takes at once; Zendesk's is 30. */
  readonly jobs: number;
}

/** Sets the stage, works on it, clears it away. */
export async function onStage<T>(
  { accounts, changeable, jobs }: Setting,
  work: (stage: Stage) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "bench-accounts-"));
  const databaseUrl = `sqlite:${join(folder, "service.db")}`;
  const filling = { seed: 7, companies: accounts, asOf: Date.now(), tiersFile: join(folder, "tiers") };
  const filler = startChild("./accounts-fill.ts");
  const world = startChild("./accounts-world.ts");
  try {
    await filler.ask("fill", { ...filling, databaseUrl });
    await filler.stop();
    const endpoint = `http://127.0.0.1:${PORT}/webhooks/zendesk`;
    const upstreams = await world.ask<Record<string, string>>("start", {
      ...filling,
      changeable,
      jobs,
      endpoint,
      secret: SECRET,
    });
    const policyFile = join(folder, "policy.yaml");
    writeFileSync(policyFile, demoPolicyText());
    const own = {
      POLICY_FILE: policyFile,
      DATABASE_URL: databaseUrl,
      PORT: String(PORT),
      ZENDESK_WEBHOOK_SECRET: SECRET,
    };
    return await work({
      folder,
      accounts,
      env: { ...upstreams, ...own },
      databaseUrl,
      port: PORT,
      secret: SECRET,
      world,
    });
  } finally {
    await Promise.all([filler.stop(), world.stop()]);
    rmSync(folder, { recursive: true, force: true });
  }
}
