/** Everything in a PostgreSQL store, carried over into a SQLite file. */
import { Client } from "pg";
import { StoreUnavailable } from "../errors.ts";
import { type Database, json, type Row } from "./database.ts";
import type { PostgresSettings } from "./postgres-writer.ts";
import { openSqlite } from "./sqlite.ts";

const ROWS_AT_ONCE = 1000;

/** The tables of the store; the migrations' own is written by opening the copy. */
const TABLES = `select table_name from information_schema.tables
  where table_schema = current_schema() and table_type = 'BASE TABLE' and table_name in
    ('deliveries', 'claims', 'decisions', 'held', 'entitlements', 'accounts', 'account_domains', 'account_aliases',
     'pending_accounts', 'confirmations', 'organizations', 'organization_index', 'links', 'runs', 'sync_writes',
     'reviews', 'cursors', 'settings', 'leases', 'policies', 'overrides',
     'held_facts', 'held_runs', 'passed_demotions', 'source_facts', 'budgets',
     'waitlist_standings', 'console_links', 'console_sessions', 'console_once', 'tier_reports',
     'provision_steps', 'provision_owned',
     'metric_events', 'ticket_facts', 'target_facts', 'account_moments', 'raised_accounts', 'run_tickets', 'holds', 'notices')`;

/**
 * Writes all tables, as they are at one moment, to a new SQLite file at `path`.
 * @throws StoreUnavailable
 */
export async function copyTables(settings: PostgresSettings, path: string): Promise<void> {
  const client = new Client(settings);
  // A broken connection is reported by the query that meets it.
  client.on("error", () => undefined);
  const copy = await openSqlite(path, { warn: () => undefined });
  try {
    await client.connect();
    await client.query("begin isolation level repeatable read read only");
    const { rows } = await client.query<{ table_name: string }>(TABLES);
    for (const { table_name } of rows) await copyTable(client, copy, table_name);
  } catch (cause) {
    throw new StoreUnavailable(`the store cannot be copied to ${path}`, { cause });
  } finally {
    await client.end();
    await copy.close();
  }
}

async function copyTable(client: Client, copy: Database, table: string): Promise<void> {
  await client.query(`declare copied no scroll cursor for select * from ${table}`);
  for (;;) {
    const { rows, fields } = await client.query<Row>(`fetch ${ROWS_AT_ONCE} from copied`);
    if (rows.length === 0) break;
    const names = fields.map((field) => field.name);
    const values = names.map((name) => `r.value ->> '${name}'`);
    const sql = `insert into ${table} (${names.join(", ")}) select ${values.join(", ")} from {rows} where true`;
    await copy.write([{ sql, params: [json(rows)] }]);
  }
  await client.query("close copied");
}
