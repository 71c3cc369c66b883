/** "Is it working, and what did it touch?": everything the first screen shows, from the store and the running parts. */
import { z } from "zod";
import { type CheckLine, exitCodeOf } from "../check/line.ts";
import type { Policy } from "../policy/model.ts";
import type { Coverage, RunRecord, Store } from "../ports.ts";
import { pausedSince } from "../switches.ts";
import { EVERY_DECISION, rowsShown } from "./decision-shown.ts";
import type { ConsoleParts } from "./parts.ts";
import { currentText, restartNeeded } from "./policy-text.ts";
import { checkLine } from "./schemas.ts";
import type { lastCheck, overview, switches } from "./schemas-overview.ts";
import { iso, isoOrNull } from "./shown.ts";

const COVERAGE_DAYS = 30;
/** The other window of the headline numbers: what has changed lately. */
export const RECENT_DAYS = 7;
const DAY_MS = 86_400_000;
/** Newest decisions that the headline numbers are counted over. */
const COVERAGE_DECISIONS = 5_000;
const COVERAGE_KEPT_MS = 60_000;
const LAST_DECISIONS = 50;
/** Setting that holds what `check` last said. */
const LAST_CHECK = "console:last-check";

const kept = z.object({ at: z.number(), lines: z.array(checkLine) });

/** The headline numbers, counted when they are asked for. */
export type Counting = () => Promise<Coverage>;

/** Counts the headline numbers of the last days, and does not count again within a minute. */
export function rememberingCoverage(store: Store, now: () => number, days = COVERAGE_DAYS): Counting {
  let last: { readonly counted: Promise<Coverage>; readonly until: number } | null = null;
  return () => {
    const at = now();
    if (last === null || last.until <= at) {
      const counted = store.console.lists.coverage(at - days * DAY_MS, COVERAGE_DECISIONS);
      last = { counted, until: at + COVERAGE_KEPT_MS };
      // A failure must not be remembered.
      counted.catch(() => {
        last = null;
      });
    }
    return last.counted;
  };
}

/** The whole first screen. */
export async function overviewOf(parts: ConsoleParts, now: number): Promise<z.input<typeof overview>> {
  const { store } = parts;
  const policy = parts.policy.policy();
  const [ready, switchesNow, backlog, check, held, coverage, recent, rows, reports, run] = await Promise.all([
    parts.dependencies(),
    switchesOf(parts),
    store.inbox.backlog(),
    lastCheckOf(parts),
    store.guard.waiting(),
    parts.coverage(),
    parts.recentCoverage(),
    store.console.lists.decisions({ ...EVERY_DECISION, limit: LAST_DECISIONS }),
    store.console.reports.open(200),
    parts.crm === null ? null : store.runs.last(`sync:${parts.crm.port.name}`),
  ]);
  const { pending, parked, oldestPendingMs } = backlog;
  return {
    at: iso(now),
    helpDesk: deskSide(parts, ready, rows[0]?.record.decidedAt ?? null),
    crm: parts.crm === null ? null : crmSide(parts, run),
    ready: ready.map(({ name, ok, detail }) => ({ name, ok, detail })),
    switches: switchesNow,
    queue: {
      pending,
      parked,
      oldestPendingSeconds: oldestPendingMs === null ? null : Math.round(oldestPendingMs / 1000),
    },
    policy: await policyNow(parts, policy),
    slaOrder: { checkedAt: check.at, lines: check.lines.filter((line) => line.area === "sla") },
    guard: held.map(({ runId, at, records, reason }) => ({ runId, heldSince: iso(at), records, reason })),
    tickets: {
      days: COVERAGE_DAYS,
      ...sharesOf(coverage),
      recent: { days: RECENT_DAYS, ...sharesOf(recent) },
    },
    openReports: reports.length,
    decisions: [...(await rowsShown(store, rows, policy))],
  };
}

function sharesOf({ tickets, tied, promised, attached }: Coverage) {
  return { tied: { part: tied, whole: tickets }, attached: { part: attached, whole: promised } };
}

type Side = z.input<typeof overview>["helpDesk"];

function deskSide(
  { desk, deskBudget }: ConsoleParts,
  ready: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[],
  lastDecision: number | null,
): Side {
  const line = ready.find((one) => one.name === "help desk");
  return {
    name: desk.name,
    state: line === undefined ? "unknown" : line.ok ? "ok" : "trouble",
    detail: line?.detail ?? "not looked at yet",
    lastSuccessAt: isoOrNull(lastDecision),
    calls: { ...desk.calls() },
    budget: { ...deskBudget(), per: "minute", resetsAt: null },
  };
}

/** Kept runs outlive a restart; what this process saw itself is fresher. */
function crmSide({ crm, syncState }: ConsoleParts, run: RunRecord | null): Side {
  const state = syncState();
  const at = state?.at ?? (run?.error === null ? run.endedAt : null);
  const error = state?.error ?? run?.error ?? null;
  const budget = crm?.port.budget?.() ?? null;
  return {
    name: crm?.port.name ?? "crm",
    state: error !== null ? "trouble" : at === null ? "unknown" : "ok",
    detail: error ?? (at === null ? "not synced yet" : "synced"),
    lastSuccessAt: isoOrNull(at),
    calls: { ...(crm?.port.calls() ?? {}) },
    budget: budget === null ? null : { ...budget, per: "day", resetsAt: isoOrNull(budget.resetsAt) },
  };
}

async function policyNow(parts: ConsoleParts, policy: Policy): Promise<z.input<typeof overview>["policy"]> {
  const text = await currentText(parts);
  const { explicit, path } = parts.policySource;
  return {
    version: policy.version,
    effectiveFrom: policy.effectiveFrom,
    readOnly: explicit,
    file: explicit ? path : null,
    findings: [...parts.lint(text.yaml).findings],
    restartNeeded: [...restartNeeded(parts.connectedWith, policy)],
  };
}

/** May anything be written outside at present? */
export async function switchesOf(parts: ConsoleParts): Promise<z.input<typeof switches>> {
  return {
    pausedSince: isoOrNull(await pausedSince(parts.store.register)),
    simulating: await parts.simulating(),
    simulatingForced: parts.simulatingForced,
  };
}

/** What `check` said last; nothing where it was never run from here. */
export async function lastCheckOf(parts: ConsoleParts): Promise<z.input<typeof lastCheck>> {
  const text = await parts.store.register.setting(LAST_CHECK);
  if (text === null) return { at: null, ok: null, lines: [] };
  const { at, lines } = kept.parse(JSON.parse(text));
  return { at: iso(at), ok: lines.every((line) => line.state !== "fail"), lines };
}

/** Looks at everything now, and keeps what was found. */
export async function checkNow(parts: ConsoleParts, now: number): Promise<z.input<typeof lastCheck>> {
  const lines: readonly CheckLine[] = await parts.check();
  await parts.store.register.setSetting(LAST_CHECK, JSON.stringify({ at: now, lines }));
  return { at: iso(now), ok: exitCodeOf(lines) === 0, lines: lines.map((line) => ({ ...line })) };
}
