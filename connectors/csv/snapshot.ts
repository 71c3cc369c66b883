/** The whole table as it stands: one row per key, and the lines that could not be read. */
import { createHash } from "node:crypto";
import { NeedsAdmin, TryAgain } from "../../src/errors.ts";
import type { CsvTable } from "../../src/policy/model.ts";
import type { RefusedRecord } from "../../src/ports.ts";
import { filesAt, type OpenFile, openFile, type SeenFile } from "./client.ts";
import { encodingOf, textOf } from "./encoding.ts";
import { linesOf } from "./schemas.ts";

export interface CsvOptions {
  /** Name of the source: `csv`, or `csv.billing`. */
  readonly source: string;
  /** File or folder. */
  readonly path: () => string;
  /** Name of the setting that holds the path, for messages. */
  readonly setting: string;
  readonly table: CsvTable;
  /** Columns that anybody will ask for; the others are not kept and do not count as changes. */
  readonly columns: readonly string[];
  /** The fewest rows a person has agreed to; null = nobody has. */
  readonly approvedRows: () => number | null;
  /** Name of the setting that holds it. */
  readonly approval: string;
  readonly open?: OpenFile;
}

export interface Row {
  readonly id: string;
  readonly name: string | null;
  readonly values: Readonly<Record<string, string>>;
  /** Hash of the values: equal = nothing changed. */
  readonly stamp: string;
  readonly where: string;
}

export interface Snapshot {
  readonly rows: ReadonlyMap<string, Row>;
  readonly refused: readonly RefusedRecord[];
  /** Every column of every file. */
  readonly columns: readonly string[];
  /** What the files looked like. */
  readonly print: string;
}

/** Fingerprint of all files, for telling whether a snapshot is still true. */
export function printOf(files: readonly SeenFile[]): string {
  return files.map((file) => file.print).join("\n");
}

/**
 * Reads every file.
 *
 * @throws TryAgain a file changed meanwhile, or the run was stopped. @throws NeedsAdmin a column is missing or stands
 * twice, or the characters cannot be told.
 */
export async function readSnapshot(options: CsvOptions, signal: AbortSignal): Promise<Snapshot> {
  const files = await filesAt(options.path(), options.setting);
  const rows = new Map<string, Row>();
  const refused: RefusedRecord[] = [];
  const headers: Header[] = [];
  for (const file of files) headers.push(await readFile(file, options, rows, refused, signal));
  sameColumns(headers, files);
  const print = printOf(files);
  if (printOf(await filesAt(options.path(), options.setting)) !== print)
    throw new TryAgain(`the file of ${options.setting} changed while it was read`);
  return { rows, refused, columns: [...new Set(headers.flatMap((header) => header.all))], print };
}

interface Header {
  readonly all: readonly string[];
  /** Wanted column → its place. */
  readonly places: ReadonlyMap<string, number>;
  readonly key: number;
  /** Columns up to the last that has a name. */
  readonly width: number;
}

async function readFile(
  file: SeenFile,
  options: CsvOptions,
  rows: Map<string, Row>,
  refused: RefusedRecord[],
  signal: AbortSignal,
): Promise<Header> {
  const open = options.open ?? openFile;
  const encoding = options.table.encoding ?? (await encodingOf(open(file.path)));
  const text = textOf(open(file.path), encoding, file.name);
  let header: Header | null = null;
  for await (const { line, cells, reason } of linesOf(text, options.table.delimiter, file.name)) {
    if (signal.aborted) throw new TryAgain("stopped while reading the file");
    const where = `${file.name}, line ${line}`;
    if (cells === null) refused.push({ id: null, where, reason });
    else if (header === null) header = headerOf(cells, options, file.name);
    else {
      const row = rowOf(cells, header, options.table, where, rows);
      if ("reason" in row) refused.push(row);
      else rows.set(row.id, row);
    }
  }
  if (header !== null) return header;
  throw new NeedsAdmin(`${file.name} is empty: there is not even a header row`, {
    fix: "Look at the job that writes the export; nobody is taken for gone because of this.",
  });
}

function headerOf(cells: readonly string[], options: CsvOptions, file: string): Header {
  const all = cells.map((cell) => cell.trim()).filter((cell) => cell !== "");
  const { key, name } = options.table;
  const wanted = [key, ...(name === null ? [] : [name]), ...options.columns];
  const places = new Map<string, number>();
  for (const [place, cell] of cells.entries()) {
    const column = cell.trim();
    if (!wanted.includes(column)) continue;
    if (places.has(column))
      throw new NeedsAdmin(`${file} has two columns called \`${column}\``, {
        fix: "Rename one of them in the export.",
      });
    places.set(column, place);
  }
  for (const column of [key, ...(name === null ? [] : [name])])
    if (!places.has(column))
      throw new NeedsAdmin(`${file} has no column \`${column}\`; it has ${all.slice(0, 30).join(", ")}`, {
        fix: "Correct `key` or `name` in the policy's crm section, or `delimiter` when all names are one.",
      });
  const width = cells.findLastIndex((cell) => cell.trim() !== "") + 1;
  return { all, places, key: places.get(key) ?? 0, width };
}

/** A column that only some files have would read as "empty" for the customers of the others. */
function sameColumns(headers: readonly Header[], files: readonly SeenFile[]): void {
  const every = new Set(headers.flatMap((header) => [...header.places.keys()]));
  for (const [index, header] of headers.entries())
    for (const column of every)
      if (!header.places.has(column))
        throw new NeedsAdmin(`${files[index]?.name} has no column \`${column}\`, other files have it`, {
          fix: "Export all files with the same columns.",
        });
}

function rowOf(
  cells: readonly string[],
  header: Header,
  table: CsvTable,
  where: string,
  known: ReadonlyMap<string, Row>,
): Row | RefusedRecord {
  const id = (cells[header.key] ?? "").trim();
  // A delimiter too many or too few shifts what follows it; only the first cell is certain to be in its place.
  // Empty cells beyond the last column are how some programs end every line.
  const filled = cells.findLastIndex((cell) => cell.trim() !== "") + 1;
  if (cells.length < header.width || filled > header.width)
    return {
      id: header.key === 0 && id !== "" ? id : null,
      where,
      reason: `it has ${cells.length} values where the header has ${header.width} columns`,
    };
  if (id === "") return { id: null, where, reason: `its \`${table.key}\` is empty` };
  const other = known.get(id);
  if (other !== undefined)
    return {
      id,
      where,
      reason: `its \`${table.key}\` stands twice: ${other.where} counts, this one does not`,
    };
  const { name } = table;
  const values = Object.fromEntries([...header.places].map(([column, at]) => [column, cells[at] ?? ""]));
  const stamp = createHash("sha256")
    .update(JSON.stringify(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1))))
    .digest("base64url")
    .slice(0, 27);
  return { id, name: name === null ? null : (values[name] ?? null), values, stamp, where };
}
