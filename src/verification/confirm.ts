/**
 * Which SLA policy did each ticket really get? Told by the events of the clocks, some minutes after the fact, and held
 * against the newest decision: the ticket itself shows clocks without the policy's name.
 *
 * One instance at a time reads (a lease); it begins where the first live service began. Pages repeat and come late
 * without harm: the same answer is kept once.
 */

import { errorFields, type Log } from "../log.ts";
import { metricInEvents } from "../policy/metric-events.ts";
import type { ApplyDecision, Policy, SlaMetric } from "../policy/model.ts";
import { foldedName } from "../policy/text-fold.ts";
import type {
  Clock,
  DecisionRecord,
  DeskInsight,
  DeskSlaPolicy,
  MetricEvent,
  MetricEventPage,
  Store,
  Verification,
} from "../ports.ts";
import { earlierPolicy } from "./cause.ts";

export interface ConfirmPorts {
  readonly insight: Pick<DeskInsight, "metricEvents" | "slaPolicies">;
  readonly store: Pick<Store, "ledger" | "register">;
  readonly clock: Clock;
  readonly policy: () => Policy;
  readonly log: Log;
  /** Called where a promise turned out kept or broken otherwise than was known. */
  readonly changed: (record: DecisionRecord, verification: Verification) => void;
}

/** One round. `busy` = another instance reads. */
export type ConfirmReport =
  | { readonly state: "read"; readonly events: number; readonly confirmed: number; readonly other: number }
  | { readonly state: "busy" };

export interface Confirmation {
  /** One round. @throws what stopped it; the next one goes on from there. */
  readonly once: (signal: AbortSignal) => Promise<ConfirmReport>;
  readonly release: () => Promise<void>;
}

const LEASE = "verify:events";
const LEASE_MS = 600_000;
const CURSOR = "verify:events";
/** A decision this young may have been written after the last event that was told. */
const SETTLING_MS = 10_000;

/** A reader of clock events; `owner` names this instance. */
export function openConfirmation(ports: ConfirmPorts, owner: string): Confirmation {
  const { register } = ports.store;
  const keepLease = (): Promise<boolean> => register.lease(LEASE, owner, LEASE_MS);
  return {
    release: () => register.releaseLease(LEASE, owner),
    async once(signal) {
      if (!(await keepLease())) return { state: "busy" };
      const start = (await register.cursor(CURSOR)) ?? ports.clock.now();
      // Remembered at once: a first round without events must not begin later next time.
      if (typeof start === "number") await register.setCursor(CURSOR, cursorAt(start));
      try {
        return await round(ports, start, signal, keepLease);
      } catch (error) {
        ports.log.warn(errorFields(error), "events of SLA clocks could not be read");
        throw error;
      }
    },
  };
}

/** The desk's cursor for a moment: the first round has none yet. */
function cursorAt(at: number): string {
  return JSON.stringify({ from: Math.floor(at / 1000) });
}

async function round(
  ports: ConfirmPorts,
  start: string | number,
  signal: AbortSignal,
  keepLease: () => Promise<boolean>,
): Promise<ConfirmReport> {
  const { insight, store } = ports;
  const policies = remembered(() => insight.slaPolicies());
  let [events, confirmed, other] = [0, 0, 0];
  for await (const page of insight.metricEvents(start, signal)) {
    events += page.events.length;
    for (const applied of latestOf(page)) {
      const found = await heldAgainst(ports, applied, page.upTo, policies);
      if (found === null) continue;
      if (found.ok) confirmed += 1;
      else other += 1;
    }
    await store.register.setCursor(CURSOR, page.cursor);
    if (signal.aborted || !(await keepLease())) break;
  }
  return { state: "read", events, confirmed, other };
}

function remembered<T>(ask: () => Promise<T>): () => Promise<T> {
  let held: Promise<T> | null = null;
  return () => {
    held ??= ask();
    return held;
  };
}

/** The policy a ticket ended with on this page, and its minutes by clock. */
interface Applied {
  readonly ticketId: string;
  readonly title: string;
  readonly at: number;
  /** The desk's name of the clock → minutes. The replies share one name: instance 1 is the first. */
  readonly minutes: ReadonlyMap<string, number>;
}

function latestOf({ events }: MetricEventPage): readonly Applied[] {
  const found = new Map<string, Applied>();
  const rows = events.filter((one) => one.kind === "apply_sla" && !one.deleted).toSorted(inOrder);
  for (const { ticketId, metric, instance, at, sla } of rows) {
    const title = sla?.policyTitle ?? null;
    if (sla === null || title === null) continue;
    const known = found.get(ticketId);
    const minutes = new Map(known?.title === title ? known.minutes : []);
    if (instance <= 1) minutes.set(metric, sla.minutes);
    found.set(ticketId, { ticketId, title, at, minutes });
  }
  return [...found.values()];
}

function inOrder(a: MetricEvent, b: MetricEvent): number {
  return a.at - b.at || (BigInt(a.id) < BigInt(b.id) ? -1 : 1);
}

/** Keeps what the event says of the ticket's newest decision; null = there is nothing to say, or nothing new. */
async function heldAgainst(
  ports: ConfirmPorts,
  applied: Applied,
  upTo: number,
  policies: () => Promise<readonly DeskSlaPolicy[] | null>,
): Promise<Verification | null> {
  const { ledger } = ports.store;
  const [record] = (await ledger.decisionsOf(applied.ticketId)).filter(({ state }) => state !== "simulated");
  if (record === undefined || record.state === "intended" || record.decision.action !== "apply") return null;
  if (record.decision.slaPolicy === null || record.decidedAt > upTo - SETTLING_MS) return null;
  const before = record.verification;
  if (before?.policy === applied.title) return null;
  const said = await saidOf(ports, { ...record, decision: record.decision }, applied, policies);
  await ledger.verified(record.id, said);
  if (before === null || before.ok !== said.ok) ports.changed(record, said);
  return said;
}

async function saidOf(
  { policy, clock }: ConfirmPorts,
  { decision, verification }: DecisionRecord & { readonly decision: ApplyDecision },
  applied: Applied,
  policies: () => Promise<readonly DeskSlaPolicy[] | null>,
): Promise<Verification> {
  const at = clock.now();
  const { title } = applied;
  const repair = verification?.repair === undefined ? {} : { repair: verification.repair };
  if (foldedName(title) !== foldedName(decision.slaPolicy ?? "")) {
    const first = (await policies())?.find((one) => one.title === title) ?? { title };
    const ours = { title: decision.slaPolicy ?? "" };
    const { cause, detail, fix } = earlierPolicy(first, ours, "fits", policy());
    return { at, ok: false, code: "sla_other_policy", detail, cause, fix, policy: title, ...repair };
  }
  const wrong = wrongMinutes(applied, decision, policy());
  if (wrong !== null)
    return {
      at,
      ok: false,
      code: "sla_due_differs",
      cause: "wrong_target",
      policy: title,
      ...repair,
      detail: `${title} is attached with ${wrong}`,
      fix: "Run `priority-support apply`, or correct the targets of the SLA policy.",
    };
  // Whether the clocks end as promised was seen on the ticket; an event only names the policy.
  if (verification !== null && verification.code === "sla_due_differs")
    return { ...verification, policy: title };
  return {
    at,
    ok: true,
    code: "sla_attached",
    policy: title,
    ...repair,
    detail: `${title} is attached, as the help desk's own events say.`,
  };
}

function wrongMinutes({ minutes }: Applied, decision: ApplyDecision, policy: Policy): string | null {
  for (const metric of ["first_reply", "resolution"] as const satisfies readonly SlaMetric[]) {
    const promised = decision.due[metric].minutes;
    const found = minutes.get(metricInEvents(policy.slaMetricMap[metric]));
    if (promised !== null && found !== undefined && found !== promised)
      return `${found} minutes for ${metric}; ${promised} were promised.`;
  }
  return null;
}
