/**
 * A process of its own that reads one SQLite file. node:sqlite is synchronous and cannot be interrupted: a query that
 * takes too long is ended together with this process, and nobody else waits for it.
 */
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";

const question = z.object({
  path: z.string(),
  sql: z.string(),
  params: z.array(z.union([z.string(), z.number(), z.null()])),
});

type Question = z.infer<typeof question>;

function answer({ path, sql, params }: Question): object {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    db.exec("pragma busy_timeout = 2000; pragma query_only = on");
    const statement = db.prepare(sql);
    statement.setReturnArrays(true);
    const columns = statement.columns().map((column) => ({ name: column.name, type: column.type ?? "" }));
    const rows = statement.all(...params);
    return { columns, rows: rows.map((row) => Object.values(row).map(textOf)) };
  } finally {
    db.close();
  }
}

function textOf(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}

process.on("message", (asked) => {
  let said: object;
  try {
    said = answer(question.parse(asked));
  } catch (error) {
    const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
    said = { failed: error instanceof Error ? error.message : "unknown", code };
  }
  process.send?.(said);
});

// Starting does not count as answering: the time limit begins with the question.
process.send?.("ready");
