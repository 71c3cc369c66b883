/** Small durable facts: cursors, settings, leases, policy versions. */
import { NeedsAdmin } from "../errors.ts";
import type { Register } from "../ports.ts";
import type { Database, Row } from "./database.ts";
import { number, text, textOrNull } from "./rows.ts";

/** Ours already, or run out by the database's clock: then it is ours. */
const LEASE = `insert into leases (name, owner, locked_until) values (?, ?, {now} + cast(? as bigint))
  on conflict (name) do update set owner = excluded.owner, locked_until = excluded.locked_until
  where leases.owner = excluded.owner or leases.locked_until <= {now}`;

/** The same version again touches its row only when the content is the same. */
const PUT_POLICY = `insert into policies (version, content_hash, content, effective_from, stored_at)
  values (?, ?, ?, ?, {now})
  on conflict (version) do update set content_hash = excluded.content_hash
  where policies.content_hash = excluded.content_hash`;

const IN_FORCE = `select seq, version, effective_from, stored_at from policies
  where effective_from is null or effective_from <= ?`;

/** The register on a database. */
export function register(db: Database): Register {
  const value = async (table: "cursors" | "settings", name: string) => {
    const [row] = await db.read(`select value from ${table} where name = ?`, [name]);
    return row ? text(row, "value") : null;
  };
  const setValue = async (table: "cursors" | "settings", name: string, to: string) => {
    const sql = `insert into ${table} (name, value) values (?, ?)
      on conflict (name) do update set value = excluded.value`;
    await db.write([{ sql, params: [name, to] }]);
  };
  return {
    cursor: (name) => value("cursors", name),
    setCursor: (name, to) => setValue("cursors", name, to),
    setting: (name) => value("settings", name),
    setSetting: (name, to) => setValue("settings", name, to),
    lease: async (name, owner, leaseMs) => {
      const params = [name, owner, Math.round(leaseMs)];
      return (await db.write([{ sql: LEASE, params, mustAffect: 1 }])) !== "lost";
    },
    releaseLease: async (name, owner) => {
      await db.write([{ sql: "delete from leases where name = ? and owner = ?", params: [name, owner] }]);
    },
    putPolicy: async (version, contentHash, content, effectiveFrom) => {
      const params = [version, contentHash, content, effectiveFrom];
      const written = await db.write([{ sql: PUT_POLICY, params, mustAffect: 1 }]);
      if (written === "lost") throw sameVersion(version);
    },
    policyInForce: (day) => policyInForce(db, day),
  };
}

async function policyInForce(db: Database, day: string) {
  const [newest] = (await db.read(IN_FORCE, [day])).toSorted(newestFirst);
  if (!newest) return null;
  const version = text(newest, "version");
  const [row] = await db.read("select content from policies where version = ?", [version]);
  return row ? { version, content: text(row, "content") } : null;
}

/** A version without a date is in force from the day it was stored. */
function newestFirst(a: Row, b: Row): number {
  const [since, other] = [effectiveDay(a), effectiveDay(b)];
  if (since !== other) return since < other ? 1 : -1;
  return number(b, "seq") - number(a, "seq");
}

function effectiveDay(row: Row): string {
  return textOrNull(row, "effective_from") ?? new Date(number(row, "stored_at")).toISOString().slice(0, 10);
}

function sameVersion(version: string): NeedsAdmin {
  return new NeedsAdmin(`policy version "${version}" was stored before with other content`, {
    fix: "Give the changed policy a new policy_version.",
  });
}
