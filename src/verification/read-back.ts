/** One read-back: clocks of many tickets in one call; where they are not as promised, why, and one attempt to help. */
import type { ApplyDecision, Policy } from "../policy/model.ts";
import type {
  DecisionRecord,
  Desk,
  DeskInsight,
  DeskSlaPolicy,
  Ledger,
  SlaRepair,
  TicketReading,
  Verification,
} from "../ports.ts";
import { verify } from "./attached.ts";
import { type Cause, causeOf, notInPlan } from "./cause.ts";
import { type RepairPorts, repaired } from "./repair.ts";

export interface ReadBackPorts extends Omit<RepairPorts, "desk" | "mayWrite"> {
  readonly desk: Pick<Desk, "readSlas" | "readTickets"> & RepairPorts["desk"];
  readonly ledger: Pick<Ledger, "verified">;
  /** Reasons and repairs; absent = it is only told what is there. */
  readonly mending?: {
    readonly insight: Pick<DeskInsight, "slaPolicies">;
    readonly mayWrite: RepairPorts["mayWrite"];
  };
}

/** A decision that promises something, and what was found. */
export interface Found {
  readonly record: DecisionRecord & { readonly decision: ApplyDecision };
  readonly result: Verification;
}

/** Reads back, keeps and answers what was found of each decision. @throws whatever the desk's calls throw. */
export async function readBack(
  ports: ReadBackPorts,
  records: readonly DecisionRecord[],
): Promise<readonly Found[]> {
  const found = await comparedNow(ports, records.flatMap(applying));
  const explained = await withCauses(ports, found);
  await keep(ports, explained);
  return Promise.all(explained.map((one) => mend(ports, one)));
}

function applying(record: DecisionRecord): readonly Found["record"][] {
  const { decision } = record;
  return decision.action === "apply" ? [{ ...record, decision }] : [];
}

async function comparedNow(
  { desk, clock, policy }: ReadBackPorts,
  records: readonly Found["record"][],
): Promise<readonly Found[]> {
  const ids = records.map(({ ticketId }) => ticketId);
  const byTicket = new Map((await desk.readSlas(ids, "backfill")).map((one) => [one.ticketId, one]));
  return records.map((record) => {
    const reading = byTicket.get(record.ticketId) ?? null;
    return { record, result: verify(record.decision, record.before, reading, policy(), clock.now()) };
  });
}

/** Together, so that they share a commit. */
async function keep({ ledger }: ReadBackPorts, found: readonly Found[]): Promise<void> {
  await Promise.all(found.map(({ record, result }) => ledger.verified(record.id, result)));
}

/** Costs two calls for all that failed together, and none where nothing failed. */
async function withCauses(ports: ReadBackPorts, found: readonly Found[]): Promise<readonly Found[]> {
  const failed = found.filter(({ result }) => !result.ok && result.code !== "ticket_gone");
  if (ports.mending === undefined || failed.length === 0) return found;
  const policies = await ports.mending.insight.slaPolicies();
  const ids = failed.map(({ record }) => record.ticketId);
  const tickets = policies === null ? [] : await ports.desk.readTickets(ids, "backfill");
  const byId = new Map(tickets.map((one) => [one.id, one]));
  return found.map((one) => {
    if (!failed.includes(one)) return one;
    const cause = whyOf(one, policies, byId.get(one.record.ticketId) ?? null, ports.policy());
    return cause === null ? one : { ...one, result: withCause(one, cause) };
  });
}

function whyOf(
  { record, result }: Found,
  policies: readonly DeskSlaPolicy[] | null,
  ticket: TicketReading | null,
  policy: Policy,
): Cause | null {
  if (policies === null) return notInPlan();
  return ticket === null ? null : causeOf(result, record.decision, { ticket, policies }, policy);
}

function withCause({ record, result }: Found, { cause, detail, fix, repair }: Cause): Verification {
  const before = record.verification?.repair;
  return {
    ...result,
    detail: `${result.detail} ${detail}`,
    cause,
    fix,
    // One attempt a decision: an earlier one stands.
    ...(before !== undefined
      ? { repair: before }
      : repair === null
        ? {}
        : { repair: { how: repair, at: result.at, end: "intended", why: "" } }),
  };
}

/** Carries out a repair that was kept as intended just now, and looks again. */
async function mend(ports: ReadBackPorts, one: Found): Promise<Found> {
  const { record, result } = one;
  const { repair } = result;
  const isNew = repair?.end === "intended" && record.verification?.repair === undefined;
  if (ports.mending === undefined || repair === undefined || !isNew) return one;
  const end = await repaired({ ...ports, mayWrite: ports.mending.mayWrite }, record, repair.how);
  const tried: SlaRepair = { ...repair, ...end };
  const after = end.end === "done" ? await comparedNow(ports, [record]) : [];
  const now = after[0]?.result ?? result;
  const mended: Found = {
    record,
    result: now.ok
      ? { ...now, detail: `${now.detail} ${MENDED[repair.how]}`, repair: tried }
      : { ...result, detail: `${result.detail} ${notMended(tried)}`, repair: tried },
  };
  await keep(ports, [mended]);
  return mended;
}

const MENDED: Readonly<Record<SlaRepair["how"], string>> = {
  touch: "It was attached after we repeated the ticket's priority.",
  retag: "It was attached after we put the tier's tag back.",
};

function notMended({ end, why }: SlaRepair): string {
  return end === "done"
    ? "Writing to the ticket once more did not help."
    : `We did not write to the ticket: ${why}.`;
}
