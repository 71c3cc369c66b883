/** Reading PostgreSQL: every statement in a read-only transaction of its own, with a time limit. */
import { Pool } from "pg";
import { postgresFailure, STATEMENT_MS } from "./failure.ts";
import { type Answer, type Engine, plainText } from "./schemas.ts";

const CONNECT_MS = 5_000;
/** The server stops the statement itself; this is for a server that says nothing any more. */
const SILENCE_MS = STATEMENT_MS + 5_000;

/** Zone and date style decide how times are written and compared; the transaction decides that nothing is written. */
const BEGIN = `begin transaction read only; set local statement_timeout = ${STATEMENT_MS}; set local timezone = 'UTC'; set local datestyle = 'ISO'; set local idle_in_transaction_session_timeout = 60000`;

/** A connection to the database at `url`; nothing is sent before the first question. */
export function openPostgres(url: string, source: string): Engine {
  const pool = new Pool({
    connectionString: url,
    application_name: "priority-support reader",
    max: 1,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: SILENCE_MS,
    idleTimeoutMillis: 10_000,
    allowExitOnIdle: true,
    // As sent: a float or a Date between would lose cents and days.
    types: { getTypeParser: () => (value: string) => value },
  });
  // A connection that breaks while idle is replaced by the pool; without a listener it would end the process.
  pool.on("error", () => undefined);
  return {
    kind: "postgres",
    ask: (sql, params) => ask(pool, source, sql, params),
    close: async () => void (await pool.end()),
  };
}

async function ask(
  pool: Pool,
  source: string,
  sql: string,
  params: Parameters<Engine["ask"]>[1],
): Promise<Answer> {
  try {
    const client = await pool.connect();
    let broken = true;
    try {
      await client.query(BEGIN);
      // The extended protocol takes one statement only, so that nothing can end the transaction from inside.
      const asked = { text: sql, values: [...params], rowMode: "array", queryMode: "extended" } as const;
      const { fields, rows } = await client.query<(string | null)[]>(asked);
      await client.query("commit");
      broken = false;
      const columns = fields.map((field) => ({ name: field.name, type: String(field.dataTypeID) }));
      return {
        columns,
        rows: rows.map((row) => row.map((value, at) => plainText(value, columns[at]?.type ?? ""))),
      };
    } finally {
      // After a failure the connection is thrown away: its transaction ends with it.
      client.release(broken);
    }
  } catch (cause) {
    throw postgresFailure(source, cause);
  }
}
