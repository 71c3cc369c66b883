/** From the text of a file to rows: header, delimiter, and what is wrong with a line. */
import { pipeline, Readable } from "node:stream";
import { parse } from "csv-parse";
import { z } from "zod";
import { NeedsAdmin } from "../../src/errors.ts";

/** One record of the file with the line it ends on; `cells` null = it cannot be taken apart. */
export interface Line {
  readonly line: number;
  readonly cells: readonly string[] | null;
  readonly reason: string;
}

/** A record longer than this is a quote that was never closed. */
const MAX_RECORD = 1_000_000;
/** No header row is longer; one that seems to be is no header. */
const MAX_HEADER = 64 * 1024;

const entry = z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) });
const trouble = z.object({ code: z.string().catch("unknown"), lines: z.number().catch(0) });

const REASONS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: "a quoted value that began before is never closed; everything up to here is lost",
  CSV_INVALID_CLOSING_QUOTE: "something stands behind the closing quote of a value",
  INVALID_OPENING_QUOTE: "a quote stands in the middle of a value that is not quoted",
  CSV_MAX_RECORD_SIZE: "the record is longer than a million characters; a quote was probably never closed",
};

/** Every record of the text in order, the header row first; blank rows are left out. */
export async function* linesOf(
  text: AsyncIterable<string>,
  delimiter: string | null,
  file: string,
): AsyncIterable<Line> {
  const { whole, found, skipped } = await withDelimiter(text, delimiter, file);
  const broken: Line[] = [];
  const parser = parse({
    delimiter: found,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    skip_records_with_error: true,
    max_record_size: MAX_RECORD,
    on_skip: (error) => {
      const { code, lines } = trouble.parse(error ?? {});
      broken.push({ line: lines + skipped, cells: null, reason: REASONS[code] ?? "the record is not CSV" });
      return undefined;
    },
  });
  pipeline(Readable.from(whole), parser, () => undefined);
  for await (const one of parser) {
    const { record, info } = entry.parse(one);
    yield { line: info.lines + skipped, cells: record, reason: "" };
  }
  yield* broken;
}

interface Prepared {
  readonly whole: AsyncIterable<string>;
  readonly found: string;
  /** Lines before the header row. */
  readonly skipped: number;
}

async function withDelimiter(
  text: AsyncIterable<string>,
  wanted: string | null,
  file: string,
): Promise<Prepared> {
  const chunks = text[Symbol.asyncIterator]();
  let head = "";
  let more = true;
  while (more && !/[\r\n]./s.test(head) && head.length <= MAX_HEADER) {
    const next = await chunks.next();
    more = next.done !== true;
    head += more ? next.value : "";
  }
  // Spreadsheets write this line for themselves.
  const sep = /^sep=(.)\r?\n/i.exec(head);
  const rest = async function* (): AsyncIterable<string> {
    yield head.slice(sep?.[0].length ?? 0);
    for (
      let next = more ? await chunks.next() : null;
      next !== null && next.done !== true;
      next = await chunks.next()
    )
      yield next.value;
  };
  const found = wanted ?? sep?.[1] ?? (head.trim() === "" ? "," : delimiterOf(head));
  if (found === null)
    throw new NeedsAdmin(`${file}: no comma, semicolon or tab stands in the header row`, {
      fix: "Export it with a header row, or set `delimiter` in the policy's crm section.",
    });
  return { whole: rest(), found, skipped: sep === null ? 0 : 1 };
}

/** What stands most often between the names of the header row, outside quotes; null = none of them. */
function delimiterOf(head: string): string | null {
  const header = (/^[^\r\n]*/.exec(head.trimStart())?.[0] ?? "").replaceAll(/"[^"]*"/g, "");
  const counted = [",", ";", "\t"].map((one) => ({ one, times: header.split(one).length - 1 }));
  const best = counted.reduce((most, next) => (next.times > most.times ? next : most));
  return best.times === 0 ? null : best.one;
}
