/** The steps that lead from an empty database to the present one. Append only: a step once released never changes. */
import { createHash } from "node:crypto";
import { FIRST } from "./0001-first.ts";
import { OVERRIDES } from "./0002-overrides.ts";
import { HELD_FACTS } from "./0003-held-facts.ts";
import { SOURCE_FACTS } from "./0004-source-facts.ts";
import { BUDGETS } from "./0005-budgets.ts";
import { CONSOLE } from "./0006-console.ts";
import { PROVISION } from "./0007-provision.ts";
import { OPEN_TICKETS } from "./0008-open-tickets.ts";
import { WAITLISTS } from "./0010-waitlists.ts";
import { REPORT_FACTS } from "./0012-report-facts.ts";
import { HOLDS } from "./0013-holds.ts";
import { NOTICES } from "./0015-notices.ts";
import type { Migration } from "./migration.ts";

/** Every step, oldest first. */
export const MIGRATIONS: readonly Migration[] = [
  FIRST,
  OVERRIDES,
  HELD_FACTS,
  SOURCE_FACTS,
  BUDGETS,
  CONSOLE,
  PROVISION,
  OPEN_TICKETS,
  WAITLISTS,
  REPORT_FACTS,
  HOLDS,
  NOTICES,
];

/** Where the applied steps are written down; the same in both databases. */
export const MIGRATIONS_TABLE =
  "create table if not exists migrations (id text primary key, checksum text not null, applied_at bigint not null)";

/** A step that is written down in a database. */
export interface AppliedMigration {
  readonly id: string;
  readonly checksum: string;
}

/** A step still to run on one kind of database. */
export interface Step {
  readonly id: string;
  readonly checksum: string;
  readonly statements: readonly string[];
}

/** Everything this program knows for one kind of database. */
export function stepsFor(kind: "sqlite" | "postgres"): readonly Step[] {
  return MIGRATIONS.map((migration) => {
    const statements = migration[kind];
    const checksum = createHash("sha256").update(statements.join(";\n")).digest("hex");
    return { id: migration.id, checksum, statements };
  });
}

/**
 * The steps still to run, or why this program must not touch the database.
 *
 * Refuses a database that a newer program has moved on, and one whose steps were not the ones known here.
 */
export function stepsToRun(
  known: readonly Step[],
  applied: readonly AppliedMigration[],
): { readonly run: readonly Step[] } | { readonly refused: string; readonly fix: string } {
  const byId = new Map(known.map((step) => [step.id, step]));
  for (const { id, checksum } of applied) {
    const step = byId.get(id);
    if (!step) {
      return {
        refused: `the database was moved on by a newer version (step "${id}" is not known to this one)`,
        fix: "Start the newer version again, or restore a backup made before the upgrade.",
      };
    }
    if (step.checksum !== checksum) {
      return {
        refused: `step "${id}" of the database is not the one this version knows`,
        fix: "Install an unchanged release, or point DATABASE_URL to a database of its own.",
      };
    }
  }
  const done = new Set(applied.map((each) => each.id));
  return { run: known.filter((step) => !done.has(step.id)) };
}
