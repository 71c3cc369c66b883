/** What people were told, and what waits to be told. */
import { POSTGRES, SQLITE, spell } from "../dialect.ts";
import type { Migration } from "./migration.ts";

const TABLES = [
  `create table notices (
    notice_key {id} not null, addressee {id} not null, kind text not null, way text not null, state text not null,
    notice text not null, ticket_id {id}, account_id {id}, attempts integer not null, next_at bigint not null,
    owner text, locked_until bigint, reason text not null, recorded_at bigint not null, ended_at bigint,
    good_until bigint, primary key (notice_key, addressee))`,
  "create index notices_due on notices (state, next_at)",
  "create index notices_newest on notices (recorded_at)",
  "create index notices_account on notices (account_id)",
];

/** The table of messages to people. */
export const NOTICES: Migration = {
  id: "0015-notices",
  sqlite: TABLES.map((sql) => spell(sql, SQLITE, null)),
  postgres: TABLES.map((sql) => spell(sql, POSTGRES, null)),
};
