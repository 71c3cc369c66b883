/** Troubles end, and the service is given the time it needs: what must hold then is judged elsewhere. */
import type { SyncReport } from "../../src/account-sync.ts";
import { resume } from "../../src/switches.ts";
import { approveRun } from "../../src/sync/guard-decision.ts";
import { approved } from "./acts.ts";
import type { World } from "./world.ts";

/** Every process looks for work at least once in this time. */
const LOOK_MS = 11_000;
const ROUNDS = 60;
const DAY_MS = 86_400_000;
/** Longer than any lease, any clock was wrong by, and any round of upkeep. */
const UPKEEP_MS = 75 * 60_000;
const MOST_NIGHTS = 6;
const NEXT_SWEEP_MS = 61_000;
const NEXT_SYNC_MS = 301_000;

const OPEN = `select count(*) as open, min(max(d.run_at, coalesce(c.locked_until, 0))) as due from deliveries d
  left join claims c on c.kind = d.kind and c.source = d.source and c.subject_key = d.subject_key
  where d.state = 'pending'`;

/** What the last sync said; null = none was run. */
export interface Drained {
  readonly idleSync: SyncReport | null;
}

export interface DrainOptions {
  /** Every process dies first. */
  readonly killAll: boolean;
  /** Some nights pass, with all the CRM's truth and a person's decisions carried outward. */
  readonly nights: boolean;
}

/** Ends every trouble, then lets all work end. */
export async function drain(world: World, { killAll, nights }: DrainOptions): Promise<Drained> {
  const { simulation, crm, plain, witness, instances } = world;
  if (killAll) for (let slot = 0; slot < instances.length; slot += 1) world.kill(slot);
  simulation.calm();
  await resume(plain.register);
  await plain.register.setSetting("mode", "");
  witness.stopped("paused", null);
  witness.stopped("simulating", null);
  crm.setEmpty(false);
  world.revive();
  for (const { life } of instances) life.skewMs = 0;
  await emptyInbox(world);
  world.leaveOne();
  await later(world, UPKEEP_MS);
  // A round that stood still ends first, with what it knew; the next one looks anew.
  await later(world, NEXT_SWEEP_MS);
  await emptyInbox(world);
  await readBack(world);
  return { idleSync: nights ? await someNights(world) : await oneSync(world) };
}

async function later({ simulation }: World, ms: number): Promise<void> {
  simulation.jump(ms);
  await simulation.pass(LOOK_MS);
}

/** Until no delivery waits; parked ones are put back to work once a person has seen to the cause. */
async function emptyInbox({ simulation, memory, plain }: World): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    await simulation.pass(LOOK_MS);
    const [row = {}] = memory.rows(OPEN);
    if (row.open === 0 && (await plain.inbox.replay(null)) === 0) return;
    const waitMs = Number(row.due ?? 0) - simulation.now();
    if (waitMs > 0) simulation.jump(waitMs + 1);
  }
}

/**
 * What nobody had read back was found by now; only the last day's is looked for, and what a clock that ran ahead dated
 * into the future when its time has come.
 */
async function readBack({ simulation, desk, plain, witness }: World): Promise<void> {
  const [since, upTo] = [simulation.now() - DAY_MS / 2, simulation.now() - UPKEEP_MS / 2];
  for (const ticket of desk.tickets.values())
    for (const one of await plain.ledger.decisionsOf(ticket.id))
      if (
        one.state === "written" &&
        one.verification === null &&
        one.decidedAt > since &&
        one.decidedAt < upTo
      )
        witness.breach(`the SLA of decision ${one.id} on ticket ${ticket.id} was never read back`);
}

async function oneSync(world: World): Promise<null> {
  await synced(world);
  outwardAgrees(world);
  return null;
}

async function someNights(world: World): Promise<SyncReport | null> {
  await later(world, NEXT_SYNC_MS);
  outwardAgrees(world);
  // A company that is gone is served until the end of the day it was missed, and each approval may bring up another.
  const nights = [...world.crm.companies.values()].some(({ gone }) => gone) ? 3 : 1;
  for (let night = 1, asked = true; night <= nights || (asked && night <= MOST_NIGHTS); night += 1) {
    await later(world, DAY_MS);
    asked = await approveAll(world);
    await later(world, NEXT_SYNC_MS);
  }
  return synced(world);
}

/** Both sides show what the store says, without waiting for the night. */
function outwardAgrees({ memory, desk, crm, witness }: World): void {
  const rows = memory.rows(
    `select e.account_id, e.tier, l.organization_id, a.gone_on from entitlements e
      join links l using (account_id) join accounts a on a.id = e.account_id`,
  );
  for (const { account_id: account, tier, organization_id: organization, gone_on: gone } of rows) {
    const shown = desk.organizations.get(String(organization))?.fields.ps_tier;
    if (shown !== `ps_tier_${tier}`)
      witness.breach(`${account} has tier ${tier}, its organization shows ${shown} and no sync corrects it`);
    const company = crm.companies.get(String(account).replace("hubspot:", ""));
    // Nobody labels a company that is taken for gone.
    if (company?.gone === false && gone === null && company.label !== tier)
      witness.breach(`${account} has tier ${tier}, its label says ${company.label} and no sync corrects it`);
  }
}

async function approveAll(world: World): Promise<boolean> {
  const { plain, simulation } = world;
  const waiting = await plain.guard.waiting();
  const ports = { store: plain, clock: { now: simulation.now, sleep: async () => {} }, patienceMs: 0 };
  for (const run of waiting) {
    const { rows } = await approveRun(ports, run, "admin");
    approved(
      world,
      rows.flatMap((row) => row.demotes.map((one) => one.accountId)),
    );
  }
  return waiting.length > 0;
}

/** One sync from beginning to end. */
async function synced({ instances, simulation }: World): Promise<SyncReport | null> {
  const [instance] = instances;
  if (instance === undefined) throw new Error("there is no process");
  const work = instance.syncs.run("changed");
  let over = false;
  const end = (): void => {
    over = true;
  };
  work.then(end, end);
  for (let round = 0; round < 400 && !over; round += 1) await simulation.pass(50);
  if (!over) throw new Error("a sync did not end");
  return work;
}
