/** Open tickets to look at again: of accounts that went up, and those of a backfill run. */
import { POSTGRES, SQLITE, spell } from "../dialect.ts";
import type { Migration } from "./migration.ts";

const TABLES = [
  "create table raised_accounts (account_id {id} primary key, raised_at bigint not null)",
  "create index raised_accounts_order on raised_accounts (raised_at, account_id)",
  `create table run_tickets (
    run_id {id} not null, ticket_id {id} not null, event_key {id} not null, primary key (run_id, ticket_id))`,
];

/** The two lists. */
export const OPEN_TICKETS: Migration = {
  id: "0008-open-tickets",
  sqlite: TABLES.map((sql) => spell(sql, SQLITE, null)),
  postgres: TABLES.map((sql) => spell(sql, POSTGRES, null)),
};
