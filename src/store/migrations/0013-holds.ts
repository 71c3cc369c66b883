/** What an undo took back, so that nothing makes it again by itself. */
import { POSTGRES, SQLITE, spell } from "../dialect.ts";
import type { Migration } from "./migration.ts";

const TABLES = [
  `create table holds (
    target text not null, target_id {id} not null, run_id {id} not null, account_id {id}, held text not null,
    facts text, policy_version text not null, primary key (target, target_id, run_id))`,
  "create index holds_run on holds (run_id)",
  "create index holds_account on holds (account_id)",
];

/** The table of changes on hold. */
export const HOLDS: Migration = {
  id: "0013-holds",
  sqlite: TABLES.map((sql) => spell(sql, SQLITE, null)),
  postgres: TABLES.map((sql) => spell(sql, POSTGRES, null)),
};
