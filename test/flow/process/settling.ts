/** Waiting for the end of a run: every webhook delivered or given up, every ticket decided, nothing left to do. */
import type { Sent } from "./judge.ts";
import type { Rig } from "./rig.ts";
import { rowsOf } from "./store-rows.ts";
import { until } from "./waiting.ts";

/** A webhook that met a closed store (503) is sent again after 30 s times the sandbox's patience, three times. */
const DELIVERED_MS = 240_000;
/** What no webhook brought is found by the sweep within five minutes; a lease may have to end before that. */
const SETTLED_MS = 330_000;
const LOOK_EVERY_MS = 500;

const DECIDED = "select distinct ticket_id from decisions where state in ('written', 'left')";
const WAITING = "select count(*) as waiting from deliveries where state = 'pending'";

/** Waits until the last of these tickets is settled and nothing waits any more. @throws Error that names what is missing. */
export async function allSettled(rig: Rig, sent: readonly Sent[]): Promise<void> {
  const late = new Promise<never>((_resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("webhooks are still under way")), DELIVERED_MS);
    timer.unref();
  });
  await Promise.race([rig.delivered(), late]);
  const undecided = async (): Promise<readonly string[]> => {
    const decided = new Set((await rowsOf(rig.databaseUrl, DECIDED)).map((row) => row.ticket_id));
    return sent.filter(({ ticket }) => !decided.has(ticket.id)).map(({ ticket }) => ticket.id);
  };
  const waiting = async (): Promise<number> =>
    Number((await rowsOf(rig.databaseUrl, WAITING))[0]?.waiting ?? 0);
  const done = async (): Promise<boolean> =>
    (await waiting()) === 0 && (await stillThere(rig, sent, await undecided())).length === 0;
  await until("every ticket to be settled", SETTLED_MS, done, LOOK_EVERY_MS).catch(async (cause) => {
    const left = `${await waiting()} deliveries wait, undecided: ${await undecided()}`;
    throw new Error(`${left}; the log ends ${rig.log().slice(-2_000)}`, { cause });
  });
}

/** A ticket that was deleted before anybody was told of it is nobody's: the export does not list it either. */
export async function stillThere(
  rig: Rig,
  sent: readonly Sent[],
  ids: readonly string[],
): Promise<readonly string[]> {
  if (ids.length === 0) return ids;
  const gone = new Set(sent.filter(({ mixed }) => mixed.fate === "deleted").map(({ ticket }) => ticket.id));
  const { invocations } = await rig.state();
  const told = new Set(
    Object.values(invocations).flatMap((one) => (one.statusCode === 200 ? [one.ticketId] : [])),
  );
  return ids.filter((id) => !gone.has(id) || told.has(id));
}
