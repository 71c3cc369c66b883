/** Clean-up in small steps. */
import type { Database } from "./database.ts";

/** Repeats a limited clean-up until nothing is left for it. The statement takes one moment and returns ids. */
export async function pruneAll(db: Database, sql: string, before: number): Promise<void> {
  for (;;) {
    const written = await db.write([{ sql, params: [Math.round(before)] }]);
    if (written === "lost" || written[0]?.length === 0) return;
  }
}
