/** Facts that the mass-change brake has set aside, and the demotions that passed it. */
import { POSTGRES, SQLITE, spell } from "../dialect.ts";
import type { Migration } from "./migration.ts";

const STATEMENTS = [
  `create table held_facts (
    account_id {id} primary key, source {id} not null, source_id {id} not null, run_id {id} not null,
    state text not null, facts text, gone_on text, digest text not null, demotes text not null, at bigint not null,
    decided_at bigint, decided_by text)`,
  "create index held_facts_state on held_facts (source, state, account_id)",
  "create index held_facts_run on held_facts (run_id, account_id) where state = 'held'",
  `create table held_runs (
    run_id {id} primary key, source {id} not null, at bigint not null, codes text not null, reason text not null)`,
  `create table passed_demotions (
    run_id {id} not null, account_id {id} not null, from_tier {id} not null, to_tier {id} not null,
    at bigint not null, primary key (run_id, account_id))`,
  "create index passed_demotions_at on passed_demotions (at)",
];

/** The brake's memory. */
export const HELD_FACTS: Migration = {
  id: "0003-held-facts",
  sqlite: STATEMENTS.map((sql) => spell(sql, SQLITE, null)),
  postgres: STATEMENTS.map((sql) => spell(sql, POSTGRES, null)),
};
