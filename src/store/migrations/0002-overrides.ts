/** Human exceptions that were not written in the policy file. */
import { POSTGRES, SQLITE, spell } from "../dialect.ts";
import type { Migration } from "./migration.ts";

const STATEMENTS = [
  `create table overrides (
    id {id} primary key, account_id {id} not null, kind text not null, tier {id} not null, reason text not null,
    approved_by text not null, created_at bigint not null, starts_at bigint, expires_at bigint not null,
    ended_at bigint, ended_by text)`,
  "create index overrides_account on overrides (account_id)",
];

/** Overrides of the store. */
export const OVERRIDES: Migration = {
  id: "0002-overrides",
  sqlite: STATEMENTS.map((sql) => spell(sql, SQLITE, null)),
  postgres: STATEMENTS.map((sql) => spell(sql, POSTGRES, null)),
};
