/** PostgreSQL behind `Database`: one connection writes in groups, a small pool reads. */
import { Pool, types } from "pg";
import { NeedsAdmin, StoreUnavailable } from "../errors.ts";
import type { Database, DatabaseOptions, Written } from "./database.ts";
import { POSTGRES, speller } from "./dialect.ts";
import { groupCommit } from "./group-commit.ts";
import { copyTables } from "./postgres-copy.ts";
import { isOwnFault } from "./postgres-failure.ts";
import { INDEX_PLANS, migrate, type PostgresSettings, startWriter, type Writer } from "./postgres-writer.ts";

const READERS = 4;
const CONNECT_MS = 5000;
/** A server that says nothing for this long has failed. */
const ANSWER_MS = 10_000;
/** Type 20 is bigint: moments and counts, exact as numbers until the year 287396. */
const BIGINT = 20;

/**
 * The PostgreSQL database at `url`, migrated where needed.
 *
 * @throws StoreUnavailable it does not answer. @throws NeedsAdmin it belongs to a newer version.
 */
export async function openPostgres(url: string, options: DatabaseOptions): Promise<Database> {
  const settings = settingsFor(url);
  const writer = startWriter(settings);
  await prepare(writer, options.warn);
  const spelled = speller(POSTGRES, options.now);
  const pool = new Pool({
    ...settings,
    max: READERS,
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: true,
    onConnect: async (client) => void (await client.query(INDEX_PLANS)),
  });
  // A connection that breaks while idle is replaced by the pool; without a listener it would end the process.
  pool.on("error", () => undefined);
  const group = groupCommit(writer.commit, (write) =>
    write
      .flatMap(({ params, each }) => each ?? [params])
      .reduce((bytes, values) => values.reduce<number>((sum, value) => sum + String(value).length, bytes), 0),
  );
  let closing: Promise<void> | null = null;
  const close = async () => {
    await group.idle();
    await Promise.all([writer.close(), pool.end()]);
  };
  return {
    kind: "postgres",
    read: async (sql, params) => {
      try {
        return (await pool.query(spelled(sql), [...params])).rows;
      } catch (cause) {
        if (isOwnFault(cause)) throw cause;
        throw new StoreUnavailable("the database cannot be read", { cause });
      }
    },
    write: async (statements): Promise<Written> => {
      if (closing) throw new StoreUnavailable("the store is closed");
      return group.add(statements.map((statement) => ({ ...statement, sql: spelled(statement.sql) })));
    },
    copyInto: (path) => copyTables(settings, path),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

function settingsFor(url: string): PostgresSettings {
  return {
    connectionString: url,
    application_name: "priority-support",
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: ANSWER_MS,
    keepAlive: true,
    types: {
      getTypeParser: (oid, format) => (oid === BIGINT ? Number : types.getTypeParser(oid, format)),
    },
  };
}

async function prepare(writer: Writer, warn: (message: string) => void): Promise<void> {
  try {
    const refused = await writer.use(migrate);
    if (refused) throw new NeedsAdmin(refused.refused, { fix: refused.fix });
    await writer.use(async (client) => {
      for (const setting of ["synchronous_commit", "fsync"]) {
        const { rows } = await client.query(`show ${setting}`);
        if (rows[0]?.[setting] === "off") {
          warn(`PostgreSQL runs with ${setting} = off: a crash can lose webhooks that were acknowledged`);
        }
      }
    });
  } catch (error) {
    await writer.close();
    throw error;
  }
}
