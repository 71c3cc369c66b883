/** Changes on hold, on a database. */
import type { Hold, Holds } from "../ports.ts";
import { type Database, json, type Row } from "./database.ts";
import { number, object, oneOf, text, textOrNull } from "./rows.ts";

const PUT = `insert into holds (target, target_id, run_id, account_id, held, facts, policy_version)
  select r.value ->> 'target', r.value ->> 'targetId', r.value ->> 'runId', r.value ->> 'accountId',
    r.value ->> 'values', r.value ->> 'facts', r.value ->> 'policyVersion'
  from {rows} where true
  on conflict (target, target_id, run_id) do update set account_id = excluded.account_id, held = excluded.held,
    facts = excluded.facts, policy_version = excluded.policy_version`;

const END = `delete from holds where exists (select 1 from {rows} where r.value ->> 'target' = holds.target
  and r.value ->> 'targetId' = holds.target_id and r.value ->> 'runId' = holds.run_id)`;

/** The holds. */
export function holds(db: Database): Holds {
  return {
    put: async (list) => {
      if (list.length === 0) return;
      const rows = list.map((one) => ({ ...one, values: json(one.values) }));
      await db.write([{ sql: PUT, params: [json(rows)] }]);
    },
    of: async (target, targetIds) => {
      if (targetIds.length === 0) return [];
      const sql = "select * from holds where target = ? and target_id in {list} order by target_id, run_id";
      return (await db.read(sql, [target, json(targetIds)])).map(holdFrom);
    },
    end: async (list) => {
      if (list.length > 0) await db.write([{ sql: END, params: [json(list)] }]);
    },
    release: async (runId) => {
      const sql = "delete from holds where run_id = ? returning *";
      const written = await db.write([{ sql, params: [runId] }]);
      return written === "lost" ? [] : (written[0] ?? []).map(holdFrom);
    },
    count: async () => number((await db.read("select count(*) as held from holds", []))[0] ?? {}, "held"),
  };
}

function holdFrom(row: Row): Hold {
  return {
    target: oneOf(row, "target", ["organization", "company", "ticket"]),
    targetId: text(row, "target_id"),
    accountId: textOrNull(row, "account_id"),
    runId: text(row, "run_id"),
    values: object<Hold["values"]>(row, "held"),
    facts: textOrNull(row, "facts"),
    policyVersion: text(row, "policy_version"),
  };
}
