import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { type CsvOptions, openCsv } from "../../connectors/csv/index.ts";
import { NeedsAdmin } from "../../src/errors.ts";
import type { CsvTable } from "../../src/policy/model.ts";
import type { Crm, RefusedRecord } from "../../src/ports.ts";
import { type CrmWorld, crmContract } from "./crm-contract.ts";
import { collected, errorOf, running } from "./hubspot-standin.ts";

const TABLE: CsvTable = { kind: "csv", key: "id", name: "name", encoding: null, delimiter: null };
const COLUMNS = ["id", "name", "plan", "annualrevenue"];

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "csv-"));
  folders.push(made);
  return made;
}

function csvAt(path: string, changes: Partial<CsvOptions> = {}): Crm {
  return openCsv({
    source: "csv",
    path: () => path,
    setting: "CSV_PATH",
    table: TABLE,
    columns: ["plan"],
    approvedRows: () => null,
    approval: "CSV_APPROVED_ROWS",
    ...changes,
  });
}

/** A connection to one file with this content. */
function csvOf(content: string | Uint8Array, changes: Partial<CsvOptions> = {}): Crm {
  const path = join(folder(), "customers.csv");
  writeFileSync(path, content);
  return csvAt(path, changes);
}

interface Seen {
  readonly ids: readonly string[];
  readonly refused: readonly RefusedRecord[];
}

async function walked(crm: Crm, lastCount: number | null = null): Promise<Seen> {
  const pages = await collected(crm.all(running(), lastCount));
  return {
    ids: pages.flatMap((page) => page.changed.map((one) => one.id)),
    refused: pages.flatMap((page) => page.refused ?? []),
  };
}

async function planOf(crm: Crm, id: string): Promise<string | null | undefined> {
  return (await crm.read([id], ["plan"], running())).accounts[0]?.values.plan;
}

const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;

/** A file that people edit: each edit replaces it, as an export does. */
async function world(): Promise<CrmWorld> {
  const path = join(folder(), "accounts.csv");
  const rows = new Map<string, Record<string, string | null>>();
  const clock = { at: 1_000_000, next: 0 };
  const write = (): void => {
    const lines = [
      COLUMNS,
      ...[...rows].map(([id, row]) => COLUMNS.map((c) => (c === "id" ? id : (row[c] ?? "")))),
    ];
    writeFileSync(`${path}.new`, lines.map((cells) => cells.map(quoted).join(",")).join("\n"));
    renameSync(`${path}.new`, path);
  };
  // A company that is always there: a file without any row is a broken export.
  rows.set("0", { plan: "first" });
  write();
  const others = csvAt(path, { columns: ["plan", "annualrevenue"] });
  const crm: Crm = {
    ...others,
    // The company that is always there is no concern of the promises.
    all: (signal, last) =>
      without0(others.all(signal, last === null || last === undefined ? last : last + 1)),
    changes: (window, signal) => without0(others.changes(window, signal)),
  };
  return {
    crm,
    now: () => clock.at,
    pass: (ms) => {
      clock.at += ms;
    },
    add: (properties) => {
      clock.next += 1;
      const id = String(clock.next);
      rows.set(id, { ...properties });
      write();
      return id;
    },
    edit: (id, properties) => {
      rows.set(id, { ...rows.get(id), ...properties });
      write();
    },
    merge: (first, second) => {
      rows.delete(second);
      write();
      return first;
    },
    archive: (id) => {
      rows.delete(id);
      write();
    },
    value: (id, property) => rows.get(id)?.[property] ?? null,
    close: async () => {},
  };
}

async function* without0(pages: ReturnType<Crm["all"]>): ReturnType<Crm["all"]> {
  for await (const page of pages) yield { ...page, changed: page.changed.filter((one) => one.id !== "0") };
}

crmContract(
  "A folder of CSV files",
  {
    plan: "plan",
    turnover: "annualrevenue",
    label: "priority_label",
    lacks: ["change_feed", "deletions", "label", "merges"],
  },
  world,
);

const WINDOWS_1252 = Uint8Array.from([
  ...Buffer.from("id;name;plan\n1;Caf"),
  0xe9,
  ...Buffer.from(" "),
  0x80,
  ...Buffer.from("uro;Pro\n"),
]);

describe("characters and columns", () => {
  const text = "id;name;plan\r\n1;Café €uro;Pro\r\n";
  const utf16 = Buffer.from(text, "utf16le");
  test.each<[string, string | Uint8Array]>([
    ["UTF-8", text],
    ["UTF-8 with a byte order mark", `\uFEFF${text}`],
    [
      "UTF-16 with a byte order mark, as spreadsheets save 'Unicode text'",
      Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]),
    ],
    ["UTF-16 without a byte order mark", utf16],
    ["Windows-1252", WINDOWS_1252],
    ["commas", text.replaceAll(";", ",")],
    ["tabs", text.replaceAll(";", "\t")],
    ["a first line that names the delimiter", `sep=;\r\n${text}`],
    ["quotes around everything", '"id";"name";"plan"\n"1";"Café €uro";"Pro"\n'],
    ["columns in another order, and one more", "extra;plan;name;id\nx;Pro;Café €uro;1\n"],
    ["a delimiter at the end of every line", "id;name;plan;\n1;Café €uro;Pro;\n"],
    ["blank lines and a line of empty cells", "id;name;plan\n\n1;Café €uro;Pro\n;;\n\n"],
  ])("a file with %s is read", async (_what, content) => {
    const { accounts } = await csvOf(content).read(["1"], ["plan"], running());
    expect(accounts).toMatchObject([{ id: "1", name: "Café €uro", values: { plan: "Pro" } }]);
  });

  test("an encoding and a delimiter that are set are not guessed", async () => {
    const fixed = { ...TABLE, encoding: "windows-1252", delimiter: "|" } as const;
    const crm = csvOf(
      Uint8Array.from([...Buffer.from("id|name|plan\n1|a,b;"), 0xfc, ...Buffer.from("|Pro")]),
      {
        table: fixed,
      },
    );
    expect((await crm.read(["1"], ["plan"], running())).accounts[0]?.name).toBe("a,b;ü");
    const wrong = csvOf(WINDOWS_1252, { table: { ...TABLE, encoding: "utf-8" } });
    const error = await errorOf(walked(wrong));
    expect(error).toBeInstanceOf(NeedsAdmin);
    expect(error.message).toBe("customers.csv holds bytes that are not utf-8");
  });

  test("values keep their quotes, line breaks, delimiters and zeros; an id is text", async () => {
    const crm = csvOf('id,name,plan\n007,"Kim ""K"", Inc.\nBerlin"," 80400.00 "\n');
    const { accounts } = await crm.read(["007"], ["plan"], running());
    expect(accounts[0]).toMatchObject({ name: 'Kim "K", Inc.\nBerlin', values: { plan: " 80400.00 " } });
  });

  test.each([
    ["is missing", "number;name;plan\n1;a;b\n", "has no column `id`; it has number, name, plan"],
    ["stands twice", "id;name;plan;plan\n1;a;b;c\n", "has two columns called `plan`"],
    ["cannot be told from the next", "id name plan\n1 a b\n", "no comma, semicolon or tab"],
    ["is all there is not: the file is empty", "", "there is not even a header row"],
  ])("a column that %s is named, and nothing is read", async (_what, content, message) => {
    const error = await errorOf(walked(csvOf(content)));
    expect([error.name, error.message]).toEqual(["NeedsAdmin", expect.stringContaining(message)]);
  });
});

describe("lines that cannot be read", () => {
  test("a key that stands twice counts once, and the later line is named", async () => {
    const crm = csvOf("id,name,plan\n1,a,Pro\n2,b,Pro\n1,a,Free\n");
    const { ids, refused } = await walked(crm);
    expect(ids).toEqual(["1", "2"]);
    expect(refused).toEqual([
      {
        id: "1",
        where: "customers.csv, line 4",
        reason: "its `id` stands twice: customers.csv, line 2 counts, this one does not",
      },
    ]);
    expect(await planOf(crm, "1")).toBe("Pro");
  });

  test.each<[string, string, string | null, number]>([
    ["too few values", "id,name,plan\n1,a,Pro\n2,b\n3,c,Pro\n", "2", 3],
    ["too many values", "id,name,plan\n1,a,Pro\n2,b,c,Pro\n3,c,Pro\n", "2", 3],
    ["too many values before its key", "name,plan,id\na,Pro,1\nb,c,Pro,2\nc,Pro,3\n", null, 3],
    ["no key", "id,name,plan\n1,a,Pro\n ,b,Pro\n3,c,Pro\n", null, 3],
    ["a quote in the middle", 'id,name,plan\n1,a,Pro\n2,5" pipes,Pro\n3,c,Pro\n', null, 3],
  ])("a line with %s is named, and its neighbours are read", async (_what, content, id, line) => {
    const { ids, refused } = await walked(csvOf(content));
    expect(ids).toEqual(["1", "3"]);
    expect(refused.map((one) => [one.id, one.where])).toEqual([[id, `customers.csv, line ${line}`]]);
  });

  test("a quote that is never closed costs the rest of the file, and says so", async () => {
    const { ids, refused } = await walked(csvOf('id,name,plan\n1,a,Pro\n2,"b,Pro\n3,c,Pro\n'));
    expect(ids).toEqual(["1"]);
    expect(refused).toEqual([
      { id: null, where: "customers.csv, line 4", reason: expect.stringContaining("never closed") },
    ]);
  });
});

describe("a file that is the whole truth", () => {
  const file = (rows: number): string =>
    ["id,plan,name", ...Array.from({ length: rows }, (_one, n) => `${n},Pro,a`)].join("\n");

  test("with a byte order mark, Windows-1252 and 40 % fewer rows is refused, with the way out", async () => {
    const shrunk = Buffer.from(`${file(60)}\n`, "latin1");
    const error = await errorOf(
      walked(csvOf(Uint8Array.from([...shrunk, ...Buffer.from("x,Caf"), 0xe9, 0x2c, 0x61])), 100),
    );
    expect(error).toMatchObject({
      name: "NeedsAdmin",
      message: "the file of CSV_PATH has only 61 rows; the last one had 100; nothing of it was used",
      fix: expect.stringContaining("set CSV_APPROVED_ROWS=61"),
    });
    const marked = await errorOf(walked(csvOf(`\uFEFF${file(60)}`), 100));
    expect(marked.message).toContain("only 60 rows");
  });

  test.each<[number, number | null, number | null, boolean]>([
    [80, 100, null, true],
    [79, 100, null, false],
    [79, 100, 79, true],
    [78, 100, 79, false],
    [150, 100, null, true],
    [1, null, null, true],
    [0, null, null, false],
    [0, null, 0, true],
  ])("%d rows after %p, with %p approved: believed %p", async (rows, before, approved, believed) => {
    const crm = csvOf(file(rows), { approvedRows: () => approved });
    if (believed) expect((await walked(crm, before)).ids).toHaveLength(rows);
    else expect((await errorOf(walked(crm, before))).name).toBe("NeedsAdmin");
  });

  test("that changes while it is read is read again later", async () => {
    const path = join(folder(), "customers.csv");
    writeFileSync(path, file(10));
    let opened = 0;
    const crm = csvAt(path, {
      async *open() {
        opened += 1;
        yield Buffer.from(file(10));
        if (opened === 2) writeFileSync(path, file(11));
      },
    });
    const error = await errorOf(walked(crm));
    expect([error.name, error.message]).toEqual([
      "TryAgain",
      "the file of CSV_PATH changed while it was read",
    ]);
    expect((await walked(csvAt(path))).ids).toHaveLength(11);
  });

  test("is read once as long as nobody touches it, and again when somebody does", async () => {
    const path = join(folder(), "customers.csv");
    writeFileSync(path, file(3));
    const reads: string[] = [];
    const crm = csvAt(path, {
      async *open(file) {
        reads.push(file);
        yield Buffer.from("id,plan,name\n1,Pro,a\n");
      },
    });
    await crm.fields();
    await walked(crm);
    await planOf(crm, "1");
    expect(reads).toHaveLength(2);
    renameSync(path, `${path}.old`);
    writeFileSync(path, file(4));
    await planOf(crm, "1");
    expect(reads).toHaveLength(4);
  });

  test("an unmapped column that changes does not make a row look changed", async () => {
    const stamps = async (seen: string): Promise<unknown> =>
      (await csvOf(`id,plan,name,exported_at\n1,Pro,a,${seen}\n`).read(["1"], ["plan"], running()))
        .accounts[0]?.updatedAt;
    expect(await stamps("monday")).toBe(await stamps("tuesday"));
  });
});

describe("a folder of files", () => {
  test("is one table, in the order of the names; other files are left alone", async () => {
    const path = folder();
    writeFileSync(join(path, "b.csv"), "id,name,plan\n2,b,Pro\n1,x,Free\n");
    writeFileSync(join(path, "a.csv"), "plan;id;name\nPro;1;a\n");
    writeFileSync(join(path, ".hidden.csv"), "broken");
    writeFileSync(join(path, "notes.md"), "broken");
    const { ids, refused } = await walked(csvAt(path));
    expect(ids).toEqual(["1", "2"]);
    expect(refused.map((one) => one.where)).toEqual(["b.csv, line 3"]);
  });

  test("in which a file lacks a column that others have is refused by the file's name", async () => {
    const path = folder();
    writeFileSync(join(path, "a.csv"), "id,name,plan\n1,a,Pro\n");
    writeFileSync(join(path, "b.csv"), "id,name\n2,b\n");
    expect((await errorOf(walked(csvAt(path)))).message).toBe(
      "b.csv has no column `plan`, other files have it",
    );
  });

  test("that is empty, or not there, is no list of customers that are gone", async () => {
    const path = folder();
    const [empty, missing] = [
      await errorOf(walked(csvAt(path))),
      await errorOf(walked(csvAt(join(path, "x.csv")))),
    ];
    expect([empty.name, missing.name]).toEqual(["NeedsAdmin", "NeedsAdmin"]);
    expect(missing.message).toBe("CSV_PATH names a file that is not there");
  });
});
