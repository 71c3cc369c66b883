/**
 * The mass-change brake in a sync: facts that demote nobody are accepted as they are read; the others are set aside,
 * durably, until the whole intake is known, and then accepted or held together.
 *
 * What is set aside survives a crash: the next run judges it with its own. Nothing here writes outside.
 */
import { createHash } from "node:crypto";
import type { Account } from "../policy/model.ts";
import type { Demotion, SetAside, Store, StoredAccount } from "../ports.ts";
import { accept, type BrakePorts, type Moved } from "./guard-accept.ts";
import { isHarmless, judgeOf, sift } from "./guard-demotions.ts";
import { changeOf, type FactChange, groupsOf, touchedBy } from "./guard-families.ts";
import { type HeldChanges, judgeRun } from "./guard-judge.ts";
import { type Missing, missingFrom, missingRecords } from "./guard-vanished.ts";

/** The brake of one sync. */
export interface Brake {
  /** Accepts what demotes nobody, sets the rest aside. Later facts of a record replace what is set aside for it. */
  readonly take: (rows: readonly StoredAccount[], moved: readonly Moved[]) => Promise<void>;
  /** Records that are gone; they are marked when the run is judged. */
  readonly gone: (sourceIds: readonly string[]) => Promise<void>;
  /**
   * Judges the run; to be called once, before the cursor moves. `seen` = every record of a complete listing, null = there
   * was none. Answers how many records were marked as gone.
   */
  readonly judge: (seen: ReadonlySet<string> | null) => Promise<number>;
  /** What `judge` held; null = nothing. */
  readonly held: () => HeldChanges | null;
}

interface RowChange extends FactChange {
  readonly row: StoredAccount;
}

/** A brake for one run. */
export function openBrake(ports: BrakePorts): Brake {
  const missing: Missing = new Map();
  let held: HeldChanges | null = null;
  return {
    take: (rows, moved) => take(ports, rows, moved),
    gone: (sourceIds) => missingRecords(ports, sourceIds, missing),
    judge: async (seen) => {
      const listing = await missingFrom(ports, missing, seen);
      const judged = await judgeRun(ports, listing);
      held = judged.held;
      return judged.gone;
    },
    held: () => held,
  };
}

/** Equal for equal facts, whenever they were read. */
export function digestOf(account: Account): string {
  const facts = Object.entries(account).filter(([name]) => name !== "syncedAt");
  return createHash("sha256")
    .update(JSON.stringify(facts.toSorted(byName)))
    .digest("hex");
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

async function take(
  ports: BrakePorts,
  rows: readonly StoredAccount[],
  moved: readonly Moved[],
): Promise<void> {
  const { store } = ports;
  const changes = rows.map((row) => changeOf(withMerged(row, moved)));
  const remembered = await store.guard.of(touchedBy(changes));
  const open = changes.filter((change) => !isDecided(remembered, change, "rejected"));
  const { passed, left } = await apart(ports, open, remembered);
  await accept(
    ports,
    passed.map((change) => change.row),
    moved,
  );
  const stale = touchedBy(passed).filter((id) => isOver(remembered.get(id), passed));
  if (stale.length > 0) await store.guard.drop(stale);
  const aside = left.map(({ change, demotes }) => asideOf(ports, change, demotes, remembered));
  if (aside.length > 0) await store.guard.setAside(aside);
  const accepted = new Set(passed.map((change) => change.account.id));
  await markRead(
    store,
    changes.filter((change) => !accepted.has(change.account.id)),
  );
}

/** A merge the CRM tells of is part of the surviving record's facts: it waits or passes with them. */
function withMerged(row: StoredAccount, moved: readonly Moved[]): StoredAccount {
  const into = moved.filter((one) => one.into === row.sourceId).map((one) => one.from);
  return into.length === 0 ? row : { ...row, aliases: [...new Set([...row.aliases, ...into])] };
}

function isDecided(
  remembered: ReadonlyMap<string, SetAside>,
  { account }: RowChange,
  state: "approved" | "rejected",
): boolean {
  const known = remembered.get(account.id);
  return known?.state === state && known.digest === digestOf(account);
}

/** What is remembered about an account whose facts were accepted, other than an approval of just these facts. */
function isOver(known: SetAside | undefined, passed: readonly RowChange[]): boolean {
  if (known === undefined) return false;
  const change = passed.find(
    ({ account, replaces }) => account.id === known.accountId || replaces.includes(known.accountId),
  );
  return change !== undefined && !(known.state === "approved" && known.digest === digestOf(change.account));
}

interface Apart {
  readonly passed: readonly RowChange[];
  readonly left: readonly { readonly change: RowChange; readonly demotes: readonly Demotion[] }[];
}

async function apart(
  ports: BrakePorts,
  changes: readonly RowChange[],
  remembered: ReadonlyMap<string, SetAside>,
): Promise<Apart> {
  const known = await ports.store.accounts.around({ accountIds: touchedBy(changes) });
  const judge = judgeOf(ports.policy, ports.clock.now());
  const free = (change: RowChange): boolean =>
    isDecided(remembered, change, "approved") ||
    isHarmless(known.accounts.get(change.account.id), change, known.accounts);
  const sifted = groupsOf(
    changes.filter((change) => !free(change)),
    known,
  ).map((group) => sift(judge, group));
  return {
    passed: [...changes.filter(free), ...sifted.flatMap((one) => one.passed)],
    left: sifted.flatMap((one) => one.left),
  };
}

/** Once held, a record waits for a person, whatever lower facts follow; higher ones release it. */
function asideOf(
  { runId, source, clock }: BrakePorts,
  { account, row }: RowChange,
  demotes: readonly Demotion[],
  remembered: ReadonlyMap<string, SetAside>,
): SetAside {
  const known = remembered.get(account.id);
  const waits = known?.state === "held" ? known : null;
  return {
    accountId: account.id,
    source,
    sourceId: row.sourceId,
    runId: waits?.runId ?? runId,
    state: waits?.state ?? "proposed",
    facts: row,
    goneOn: null,
    digest: digestOf(account),
    demotes,
    at: waits?.at ?? clock.now(),
    decidedAt: null,
    decidedBy: null,
  };
}

/** The record was read in this version, though its facts were not accepted: no need to read it again. */
async function markRead(store: Store, changes: readonly RowChange[]): Promise<void> {
  await Promise.all(
    changes.map(({ row }) => store.accounts.setLabel(row.account.id, row.label, row.updatedAt)),
  );
}
