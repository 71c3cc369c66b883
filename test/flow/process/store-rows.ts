/** The service's store read behind its back: by the judge, and to see whether all is settled. */
import { DatabaseSync } from "node:sqlite";
import { Client } from "pg";

type Rows = readonly Readonly<Record<string, unknown>>[];

/** What a query answers on the store at `databaseUrl`, beside the services that work on it. */
export function rowsOf(databaseUrl: string, sql: string): Promise<Rows> | Rows {
  return databaseUrl.startsWith("sqlite:")
    ? fromSqlite(databaseUrl.slice("sqlite:".length), sql)
    : fromPostgres(databaseUrl, sql);
}

function fromSqlite(file: string, sql: string): Rows {
  const db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}

async function fromPostgres(connectionString: string, sql: string): Promise<Rows> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
