/** The door to everything durable. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigProblem } from "../errors.ts";
import type { Store } from "../ports.ts";
import { accounts } from "./accounts.ts";
import { budgets } from "./budgets.ts";
import { consoleStore } from "./console.ts";
import type { Database, DatabaseOptions } from "./database.ts";
import { forgetting } from "./forgetting.ts";
import { heldFacts } from "./held-facts.ts";
import { holds } from "./holds.ts";
import { inbox } from "./inbox.ts";
import { ledger } from "./ledger.ts";
import { notices } from "./notices.ts";
import { openTickets } from "./open-tickets.ts";
import { organizations } from "./organizations.ts";
import { overrides } from "./overrides.ts";
import { openPostgres } from "./postgres.ts";
import { provisionJournal } from "./provision-journal.ts";
import { register } from "./register.ts";
import { reportFacts } from "./report-facts.ts";
import { runs } from "./runs.ts";
import { sourceFacts } from "./source-facts.ts";
import { openSqlite, readSqlite } from "./sqlite.ts";
import { waitlists } from "./waitlists.ts";

/**
 * The store at `databaseUrl`: `sqlite:<path>` or `postgres://…`, made and migrated where needed.
 *
 * @throws ConfigProblem the address is neither. @throws StoreUnavailable it cannot be opened now.
 * @throws NeedsAdmin a newer version has moved it on, or it belongs to another program.
 */
export async function openStore(databaseUrl: string, options: DatabaseOptions): Promise<Store> {
  const db = await openDatabase(databaseUrl, options);
  return storeOn(db, options, () => db.close());
}

/** The store's statements on an open database; `close` ends what was opened for it. */
export function storeOn(
  db: Database,
  options: Pick<DatabaseOptions, "newId" | "now" | "warn">,
  close: () => Promise<void>,
): Store {
  const incoming = inbox(db, options.newId, options.now);
  return {
    inbox: incoming,
    ledger: ledger(db),
    accounts: accounts(db),
    organizations: organizations(db),
    runs: runs(db),
    provisionJournal: provisionJournal(db),
    register: register(db),
    overrides: overrides(db),
    forgetting: forgetting(db),
    guard: heldFacts(db),
    sourceFacts: sourceFacts(db),
    budgets: budgets(db),
    facts: reportFacts(db),
    openTickets: openTickets(db),
    holds: holds(db),
    waitlists: waitlists(db),
    console: consoleStore(db),
    notices: notices(db),
    kind: db.kind,
    scratch: () => scratch(db, options),
    copyInto: (path) => db.copyInto(path),
    close: async () => {
      await incoming.idle();
      await close();
    },
  };
}

async function scratch(db: Database, options: DatabaseOptions): Promise<Store> {
  const folder = await mkdtemp(join(tmpdir(), "priority-support-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const path = join(folder, "scratch.db");
    await db.copyInto(path);
    const copy = await openSqlite(path, options);
    return storeOn(copy, options, async () => {
      await copy.close();
      await remove();
    });
  } catch (error) {
    await remove();
    throw error;
  }
}

/**
 * A second door to the store of a running service, for reading alone: for another thread, so that long reading holds up
 * nobody. Nothing is made or migrated in a SQLite file.
 *
 * @throws ConfigProblem the address names no store. @throws StoreUnavailable on the first reading, where it cannot be read.
 */
export async function openStoreToRead(databaseUrl: string, options: DatabaseOptions): Promise<Store> {
  const path = sqlitePath(databaseUrl);
  const db = path === null ? await openDatabase(databaseUrl, options) : readSqlite(path, options);
  return storeOn(db, options, () => db.close());
}

function sqlitePath(databaseUrl: string): string | null {
  return /^sqlite:(?:\/\/)?(.+)$/.exec(databaseUrl)?.[1] ?? null;
}

async function openDatabase(databaseUrl: string, options: DatabaseOptions): Promise<Database> {
  if (/^postgres(ql)?:\/\//.test(databaseUrl)) return openPostgres(databaseUrl, options);
  const path = sqlitePath(databaseUrl);
  if (path !== null) return openSqlite(path, options);
  throw new ConfigProblem([
    {
      what: "DATABASE_URL names no database this program knows",
      fix: "Set DATABASE_URL to sqlite:./data/priority-support.db or to postgres://user@host/database.",
    },
  ]);
}
