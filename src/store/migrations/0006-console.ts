/** Sign-ins of the web console, reports by agents, and the index behind a customer's tickets. */
import { POSTGRES, SQLITE, spell } from "../dialect.ts";
import type { Migration } from "./migration.ts";

const TABLES = [
  `create table console_links (
    hash {id} primary key, email text not null, role text not null, expires_at bigint not null)`,
  `create table console_sessions (
    hash {id} primary key, id {id} not null unique, email text not null, role text not null, how text not null,
    created_at bigint not null, seen_at bigint not null, expires_at bigint not null)`,
  "create table console_once (hash {id} primary key, payload text, expires_at bigint not null)",
  `create table tier_reports (
    id {id} primary key, ticket_id {id} not null, account_id {id}, note text not null, reported_by text not null,
    at bigint not null, closed_at bigint, closed_by text)`,
  "create index tier_reports_open on tier_reports (at) where closed_at is null",
];

const SQLITE_INDEX = "create index decisions_account on decisions (record ->> 'accountId', decided_at, seq)";
const POSTGRES_INDEX =
  "create index decisions_account on decisions ((cast(record as jsonb) ->> 'accountId'), decided_at, seq)";

/** The console's tables. */
export const CONSOLE: Migration = {
  id: "0006-console",
  sqlite: [...TABLES.map((sql) => spell(sql, SQLITE, null)), SQLITE_INDEX],
  postgres: [...TABLES.map((sql) => spell(sql, POSTGRES, null)), POSTGRES_INDEX],
};
