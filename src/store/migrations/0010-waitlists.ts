/** How accounts stand towards tiers with a limited number of places. */
import { POSTGRES, SQLITE, spell } from "../dialect.ts";
import type { Migration } from "./migration.ts";

const STATEMENTS = [
  `create table waitlist_standings (
    tier {id} not null, account_id {id} not null, claim {id} not null, holds integer not null, arr text,
    waits integer not null, primary key (tier, account_id))`,
  "create index waitlist_standings_account on waitlist_standings (account_id)",
  "create index waitlist_standings_claim on waitlist_standings (tier, claim)",
  `create index waitlist_standings_others on waitlist_standings (tier, account_id)
    where (claim <> 'bought' or waits = 1)`,
];

/** Standings for the waiting lists. */
export const WAITLISTS: Migration = {
  id: "0010-waitlists",
  sqlite: STATEMENTS.map((sql) => spell(sql, SQLITE, null)),
  postgres: STATEMENTS.map((sql) => spell(sql, POSTGRES, null)),
};
