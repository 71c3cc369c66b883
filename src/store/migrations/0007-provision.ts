/** What was done to the help desk's set-up, and which of its objects are ours. */
import { POSTGRES, SQLITE, spell } from "../dialect.ts";
import type { Migration } from "./migration.ts";

const STATEMENTS = [
  `create table provision_steps (
    seq {seq}, run_id {id} not null, step integer not null, kind text not null, object_key text, name text not null,
    written text not null, claims text not null, undoes_run {id}, undoes_step integer, state text not null,
    detail text not null, at bigint not null, unique (run_id, step))`,
  `create table provision_owned (
    kind {id} not null, object_key {id} not null, id {id} not null, origin text not null, applied text, original text,
    primary key (kind, object_key))`,
];

/** The journal of the set-up. */
export const PROVISION: Migration = {
  id: "0007-provision",
  sqlite: STATEMENTS.map((sql) => spell(sql, SQLITE, null)),
  postgres: STATEMENTS.map((sql) => spell(sql, POSTGRES, null)),
};
