/** Who has tickets in hand right now, read behind the store's back on PostgreSQL. */
import { Client } from "pg";
import { until } from "./waiting.ts";

/** A worker's claims carry its name, then `#` and a token of the claim; a fresh one has most of its 30 s left. */
const HOLDERS = `select count(*)::int as holders from (
  select 1 from claims where locked_until > extract(epoch from clock_timestamp()) * 1000 + 28000
  group by split_part(owner, '#', 1) having count(*) > 1) as busy`;

/** Waits until so many workers hold two claims or more taken in the last two seconds; at most 3 s. */
export async function untilAllHoldTickets(databaseUrl: string, workers: number): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const all = async (): Promise<boolean> =>
      ((await client.query<{ holders: number }>(HOLDERS)).rows[0]?.holders ?? 0) >= workers;
    await until("every worker to hold a ticket", 3_000, all, 5).catch(() => undefined);
  } finally {
    await client.end();
  }
}
