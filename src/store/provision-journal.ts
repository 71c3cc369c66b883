/** The journal of the help desk's set-up, and what of it is ours. */
import type { JournalEntry, OwnedRecord, ProvisionJournal, ProvisionKind } from "../ports.ts";
import { type Database, json, type Row, type Statement } from "./database.ts";
import { number, numberOrNull, object, objectOrNull, oneOf, text, textOrNull } from "./rows.ts";

const KINDS: readonly ProvisionKind[] = [
  "organization_field",
  "ticket_field",
  "group",
  "trigger_category",
  "webhook",
  "trigger",
  "sla_policy",
  "view",
  "macro",
  "queue",
];

const INTEND = `insert into provision_steps (run_id, step, kind, object_key, name, written, claims, undoes_run, undoes_step,
    state, detail, at)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing`;

const SETTLE =
  "update provision_steps set written = ?, state = ?, detail = ? where run_id = ? and step = ? and state = 'intended'";

const UNDONE =
  "update provision_steps set state = 'undone' where run_id = ? and step = ? and state in ('done', 'intended')";

/** Ours from now on; made or adopted anew it begins afresh. */
const CLAIM = `insert into provision_owned (kind, object_key, id, origin, applied, original) values (?, ?, ?, ?, ?, ?)
  on conflict (kind, object_key) do update set id = excluded.id, origin = excluded.origin, applied = excluded.applied,
    original = excluded.original`;

const KEEP = "update provision_owned set applied = ? where kind = ? and id = ?";

const RELEASE = "delete from provision_owned where kind = ? and id = ?";

/** What is known under the same id stays; under another id it was lost and is found again. */
const KNOW = `insert into provision_owned (kind, object_key, id, origin, applied, original)
  select r.value ->> 'kind', r.value ->> 'key', r.value ->> 'id', 'found', null, null from {rows} where true
  on conflict (kind, object_key) do update set id = excluded.id, origin = 'found', applied = null, original = null
  where provision_owned.id <> excluded.id`;

/** The journal on a database. */
export function provisionJournal(db: Database): ProvisionJournal {
  const steps = async (where: string, params: readonly string[]): Promise<readonly JournalEntry[]> =>
    (await db.read(`select * from provision_steps ${where} order by seq`, params)).map(entryFrom);
  return {
    intend: async (entry) => {
      await db.write([{ sql: INTEND, params: paramsOf(entry) }]);
    },
    settle: async (entry, whole) => {
      const { runId, step, write, state, detail, undoes } = entry;
      const settled: Statement = { sql: SETTLE, params: [json(write), state, detail, runId, step] };
      const claimed = state === "done" ? claimsOf(entry, whole) : [];
      const undone =
        state === "done" && undoes !== null ? [{ sql: UNDONE, params: [undoes.runId, undoes.step] }] : [];
      await db.write([settled, ...claimed, ...undone]);
    },
    entries: (runId) => steps("where run_id = ?", [runId]),
    history: () => steps("", []),
    owned: async () =>
      (await db.read("select * from provision_owned order by kind, object_key", [])).map(ownedFrom),
    know: async (objects) => {
      if (objects.length > 0) await db.write([{ sql: KNOW, params: [json(objects)] }]);
    },
    forget: async (objects) => {
      if (objects.length > 0)
        await db.write(objects.map(({ kind, id }) => ({ sql: RELEASE, params: [kind, id] })));
    },
  };
}

function paramsOf(entry: JournalEntry): Statement["params"] {
  const { runId, step, kind, key, name, write, claims, undoes, state, detail, at } = entry;
  const back = [undoes?.runId ?? null, undoes?.step ?? null];
  return [runId, step, kind, key, name, json(write), claims, ...back, state, detail, Math.round(at)];
}

function claimsOf(
  { kind, key, write, claims }: JournalEntry,
  whole: OwnedRecord["applied"],
): readonly Statement[] {
  const applied = whole === null ? null : json(whole);
  const id = write.objectId;
  if (id === null) return [];
  switch (claims) {
    case "made":
    case "adopted": {
      const original = claims === "adopted" && write.do === "change" ? json(write.before) : null;
      return key === null ? [] : [{ sql: CLAIM, params: [kind, key, id, claims, applied, original] }];
    }
    case "kept":
      return [{ sql: KEEP, params: [applied, kind, id] }];
    case "released":
      return [{ sql: RELEASE, params: [kind, id] }];
    case "none":
      return [];
  }
}

function entryFrom(row: Row): JournalEntry {
  const undoesRun = textOrNull(row, "undoes_run");
  const undoesStep = numberOrNull(row, "undoes_step");
  return {
    runId: text(row, "run_id"),
    step: number(row, "step"),
    kind: oneOf(row, "kind", KINDS),
    key: textOrNull(row, "object_key"),
    name: text(row, "name"),
    write: object<JournalEntry["write"]>(row, "written"),
    claims: oneOf(row, "claims", ["made", "adopted", "kept", "released", "none"]),
    undoes: undoesRun === null || undoesStep === null ? null : { runId: undoesRun, step: undoesStep },
    state: oneOf(row, "state", ["intended", "done", "failed", "undone"]),
    detail: text(row, "detail"),
    at: number(row, "at"),
  };
}

function ownedFrom(row: Row): OwnedRecord {
  return {
    kind: oneOf(row, "kind", KINDS),
    key: text(row, "object_key"),
    id: text(row, "id"),
    origin: oneOf(row, "origin", ["made", "adopted", "found"]),
    applied: objectOrNull<NonNullable<OwnedRecord["applied"]>>(row, "applied"),
    original: objectOrNull<NonNullable<OwnedRecord["original"]>>(row, "original"),
  };
}
