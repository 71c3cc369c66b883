/** What each of several sources says about an account. */
import { POSTGRES, SQLITE, spell } from "../dialect.ts";
import type { Migration } from "./migration.ts";

const STATEMENTS = [
  `create table source_facts (
    source {id} not null, source_id {id} not null, account_id {id} not null, account text not null,
    stated text not null, updated_at text, primary key (source, source_id))`,
  "create index source_facts_account on source_facts (account_id)",
];

/** Facts per source. */
export const SOURCE_FACTS: Migration = {
  id: "0004-source-facts",
  sqlite: STATEMENTS.map((sql) => spell(sql, SQLITE, null)),
  postgres: STATEMENTS.map((sql) => spell(sql, POSTGRES, null)),
};
