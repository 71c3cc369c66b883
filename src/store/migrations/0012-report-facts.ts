/** What happened to tickets and accounts over time, as reports read it. */
import { POSTGRES, SQLITE, spell } from "../dialect.ts";
import type { Migration } from "./migration.ts";

const TABLES = [
  `create table metric_events (
    id {id} primary key, ticket_id {id} not null, metric text not null, instance bigint not null, kind text not null,
    at bigint not null, detail text, deleted integer not null)`,
  "create index metric_events_ticket on metric_events (ticket_id)",
  `create table ticket_facts (
    ticket_id {id} primary key, created_at bigint not null, account_id {id}, organization_id {id},
    fact text not null)`,
  "create index ticket_facts_created on ticket_facts (created_at, ticket_id)",
  "create index ticket_facts_account on ticket_facts (account_id, created_at)",
  "create index ticket_facts_organization on ticket_facts (organization_id)",
  `create table target_facts (
    ticket_id {id} not null, metric text not null, instance bigint not null, state text not null, due_at bigint,
    fact text not null, primary key (ticket_id, metric, instance))`,
  "create index target_facts_running on target_facts (due_at) where state = 'running'",
  `create table account_moments (
    account_id {id} not null, at bigint not null, moment text not null, primary key (account_id, at))`,
];

/** The tables behind reports. */
export const REPORT_FACTS: Migration = {
  id: "0012-report-facts",
  sqlite: TABLES.map((sql) => spell(sql, SQLITE, null)),
  postgres: TABLES.map((sql) => spell(sql, POSTGRES, null)),
};
