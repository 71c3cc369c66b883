/** Troubles end, and the service is given the time it needs: what must hold then is judged elsewhere. */
import { resume } from "../../src/switches.ts";
import { approveRun } from "../../src/sync/guard-decision.ts";
import type { SyncReport, SyncScope } from "../../src/account-sync.ts";
import { approved } from "./acts.ts";
import type { Instance } from "./instance.ts";
import type { World } from "./world.ts";

const POLL_MS = 11_000;
const ROUNDS = 60;
const DAY_MS = 86_400_000;
/** Longer than any lease. */
const LEASES_OVER_MS = 200_000;

const OPEN = `select count(*) as open, min(max(d.run_at, coalesce(c.locked_until, 0))) as due from deliveries d
  left join claims c on c.kind = d.kind and c.source = d.source and c.subject_key = d.subject_key
  where d.state = 'pending'`;

/** What the last syncs said. */
export interface Drained {
  /** The sync after everything had been carried outward: it must find nothing to write. */
  readonly idleSync: SyncReport | null;
}

/** Ends every trouble, then lets all work end. */
export async function drain(world: World, killAll: boolean): Promise<Drained> {
  const { simulation, crm, plain, witness } = world;
  if (killAll) for (let slot = 0; slot < world.instances.length; slot += 1) world.kill(slot);
  simulation.calm();
  await resume(plain.register);
  await plain.register.setSetting("mode", "");
  witness.stopped("paused", null);
  witness.stopped("simulating", null);
  crm.setEmpty(false);
  world.revive();
  for (const { life } of world.instances) life.skewMs = 0;
  await emptyInbox(world);
  await sweep(world);
  await emptyInbox(world);
  return { idleSync: await syncToTheEnd(world) };
}

/** Until no delivery waits; parked ones are put back to work once a person has seen to the cause. */
async function emptyInbox({ simulation, memory, plain }: World): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    await simulation.pass(POLL_MS);
    const [row = {}] = memory.rows(OPEN);
    if (row.open === 0 && (await plain.inbox.replay(null)) === 0) return;
    const waitMs = Number(row.due ?? 0) - simulation.now();
    if (waitMs > 0) simulation.jump(waitMs + 1);
  }
}

async function sweep(world: World): Promise<void> {
  world.simulation.jump(LEASES_OVER_MS);
  const { sweep: sweeper } = first(world);
  await driven(world, sweeper.once(new AbortController().signal));
}

async function syncToTheEnd(world: World): Promise<SyncReport | null> {
  const { simulation } = world;
  simulation.jump(LEASES_OVER_MS);
  await synced(world, "changed");
  simulation.jump(LEASES_OVER_MS);
  await synced(world, "changed");
  outwardAgrees(world);
  // The night's full run, then whatever a person still has to decide.
  simulation.jump(DAY_MS);
  await synced(world, "full");
  for (let round = 0; round < 4 && (await approveAll(world)); round += 1) await synced(world, "full");
  simulation.jump(LEASES_OVER_MS);
  return synced(world, "full");
}

async function synced(world: World, scope: SyncScope): Promise<SyncReport | null> {
  return driven(world, first(world).syncs.run(scope));
}

/** Both sides show what the store says, without waiting for the night. */
function outwardAgrees({ memory, desk, crm, witness }: World): void {
  for (const row of memory.rows("select e.account_id, e.tier, l.organization_id from entitlements e join links l using (account_id)")) {
    const tier = String(row.tier);
    const shown = desk.organizations.get(String(row.organization_id))?.fields.ps_tier;
    if (shown !== `ps_tier_${tier}`)
      witness.breach(`${row.account_id} has tier ${tier}, its organization shows ${shown} and no sync corrects it`);
    const company = crm.companies.get(String(row.account_id).replace("hubspot:", ""));
    if (company?.gone === false && company.label !== tier)
      witness.breach(`${row.account_id} has tier ${tier}, its label says ${company.label} and no sync corrects it`);
  }
}

async function approveAll(world: World): Promise<boolean> {
  const { plain, simulation } = world;
  const waiting = await plain.guard.waiting();
  const ports = { store: plain, clock: { now: simulation.now, sleep: async () => {} }, patienceMs: 0 };
  for (const run of waiting) {
    const { rows } = await approveRun(ports, run, "admin");
    approved(world, rows.flatMap((row) => row.demotes.map((one) => one.accountId)));
  }
  return waiting.length > 0;
}

function first({ instances }: World): Instance {
  const [instance] = instances;
  if (instance === undefined) throw new Error("there is no process");
  return instance;
}

/** Lets time pass until `work` has ended. */
async function driven<T>({ simulation }: World, work: Promise<T>): Promise<T> {
  let over = false;
  const end = (): void => {
    over = true;
  };
  work.then(end, end);
  for (let round = 0; round < 400 && !over; round += 1) await simulation.pass(250);
  if (!over) throw new Error("a run of upkeep did not end");
  return work;
}
