/** The one PostgreSQL connection that writes: several writes share a transaction, each behind a savepoint. */
import { Client, type ClientConfig, type QueryResult } from "pg";
import { StoreUnavailable } from "../errors.ts";
import { isLosable, type Row, type Statement, type WriteOutcome, type Written } from "./database.ts";
import { MIGRATIONS_TABLE, type Step, stepsFor, stepsToRun } from "./migrations/index.ts";
import { isCollision, isOwnFault } from "./postgres-failure.ts";

/** How every connection is made. */
export interface PostgresSettings extends ClientConfig {
  readonly connectionString: string;
}

/** The connection, made when needed and made again after a failure. */
export interface Writer {
  /** @throws StoreUnavailable the connection failed; an answer to COMMIT that never came counts as failed. */
  commit(writes: readonly (readonly Statement[])[]): Promise<readonly WriteOutcome[]>;
  /** Runs `work` on the connection. @throws StoreUnavailable */
  use<T>(work: (client: Client) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Any number will do, as long as every version uses the same: the lock under which migrations run. */
const MIGRATION_LOCK = 7_064_170_221;
const MOST_TRIES = 4;

/**
 * Our statements touch few rows, through indexes made for them, and the planner is told so. Left alone it expects
 * a family of 670,000 where there are 10 and reads all accounts for each ticket (584 ms, measured with 200,000),
 * or sorts a whole fresh backlog for each claim (320 ms with 65,000 deliveries) instead of following its index.
 */
export const INDEX_PLANS =
  "set enable_hashjoin = off; set enable_mergejoin = off; set enable_seqscan = off; set jit = off";

/** A writer that connects on first use. */
export function startWriter(settings: PostgresSettings): Writer {
  let current: Client | null = null;
  const connect = async (): Promise<Client> => {
    const client = new Client(settings);
    client.on("error", () => {
      if (current === client) current = null;
    });
    await client.connect();
    await client.query(`${INDEX_PLANS}; set enable_sort = off`);
    current = client;
    return client;
  };
  const drop = (client: Client | null) => {
    if (current === client) current = null;
    // Not awaited: a half-open connection may take minutes to say good-bye.
    client?.end().catch(() => undefined);
  };
  const use = async <T>(work: (client: Client) => Promise<T>): Promise<T> => {
    let client = current;
    try {
      client ??= await connect();
      return await work(client);
    } catch (cause) {
      drop(client);
      if (cause instanceof StoreUnavailable) throw cause;
      throw new StoreUnavailable("the database cannot be written", { cause });
    }
  };
  return {
    use,
    commit: (writes) => use((client) => commitWhenFree(client, writes)),
    close: async () => {
      await current?.end().catch(() => undefined);
      current = null;
    },
  };
}

async function commitWhenFree(
  client: Client,
  writes: readonly (readonly Statement[])[],
): Promise<readonly WriteOutcome[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await commit(client, writes);
    } catch (error) {
      if (!isCollision(error) || attempt === MOST_TRIES) throw error;
      await client.query("rollback");
    }
  }
}

async function commit(
  client: Client,
  writes: readonly (readonly Statement[])[],
): Promise<readonly WriteOutcome[]> {
  const outcomes: WriteOutcome[] = [];
  await client.query(writes.every(isLosable) ? "begin; set local synchronous_commit = off" : "begin");
  for (const write of writes) outcomes.push(await writeOne(client, write));
  const { command } = await client.query("commit");
  if (command !== "COMMIT") throw new StoreUnavailable("the database rolled back instead of committing");
  return outcomes;
}

async function writeOne(client: Client, write: readonly Statement[]): Promise<WriteOutcome> {
  await client.query("savepoint one");
  try {
    const value = await execute(client, write);
    await client.query(value === "lost" ? "rollback to one; release one" : "release one");
    return { ok: true, value };
  } catch (error) {
    if (!isOwnFault(error)) throw error;
    await client.query("rollback to one; release one");
    return { ok: false, error: error instanceof Error ? error : new Error(String(error)) };
  }
}

async function execute(client: Client, write: readonly Statement[]): Promise<Written> {
  const answers: (readonly Row[])[] = [];
  for (const { sql, params, each, mustAffect } of write) {
    const results: QueryResult<Row>[] = [];
    for (const values of each ?? [params]) results.push(await client.query<Row>(sql, [...values]));
    const touched = results.reduce((sum, { rowCount }) => sum + (rowCount ?? 0), 0);
    if (touched < (mustAffect ?? 0)) return "lost";
    answers.push(
      each ? results.map(({ rowCount }) => ({ changed: rowCount ?? 0 })) : (results[0]?.rows ?? []),
    );
  }
  return answers;
}

/** Runs the missing steps under a lock; answers why this program must not touch the database, or null. */
export async function migrate(
  client: Client,
): Promise<{ readonly refused: string; readonly fix: string } | null> {
  await client.query("begin");
  await client.query("select pg_advisory_xact_lock($1)", [MIGRATION_LOCK]);
  await client.query(MIGRATIONS_TABLE);
  const { rows } = await client.query<{ id: string; checksum: string }>(
    "select id, checksum from migrations",
  );
  const plan = stepsToRun(stepsFor("postgres"), rows);
  if ("refused" in plan) {
    await client.query("rollback");
    return plan;
  }
  try {
    await runSteps(client, plan.run);
  } catch (error) {
    if (!isOwnFault(error)) throw error;
    await client.query("rollback");
    return {
      refused: `the database is not one of this program (${error instanceof Error ? error.message : error})`,
      fix: "Point DATABASE_URL to a database of its own.",
    };
  }
  await client.query("commit");
  return null;
}

async function runSteps(client: Client, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    for (const sql of step.statements) await client.query(sql);
    await client.query("insert into migrations (id, checksum, applied_at) values ($1, $2, $3)", [
      step.id,
      step.checksum,
      Date.now(),
    ]);
  }
}
