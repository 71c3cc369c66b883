/** What upstream accounts still allow, shared by all instances. */
import { POSTGRES, SQLITE, spell } from "../dialect.ts";
import type { Migration } from "./migration.ts";

const STATEMENTS = [
  `create table budgets (
    account {id} not null, endpoint_class {id} not null, call_limit bigint not null, window_ms bigint not null,
    used bigint not null, used_before bigint not null, window_end bigint not null, blocked_until bigint not null,
    closed integer not null, version bigint not null, primary key (account, endpoint_class))`,
];

/** One row for each upstream account and endpoint class. */
export const BUDGETS: Migration = {
  id: "0005-budgets",
  sqlite: STATEMENTS.map((sql) => spell(sql, SQLITE, null)),
  postgres: STATEMENTS.map((sql) => spell(sql, POSTGRES, null)),
};
