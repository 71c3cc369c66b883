import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Statement } from "../../src/store/database.ts";
import { networkKind, networkWarning } from "../../src/store/network-disk.ts";
import { type Connection, commit, migrate, open } from "../../src/store/sqlite-writer.ts";

let folder: string;
let connection: Connection;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "durable-"));
  connection = open({ path: join(folder, "a.db"), maxPages: null, patienceMs: 0 });
  migrate(connection);
});
afterEach(() => {
  connection.db.close();
  rmSync(folder, { recursive: true });
});

const put = (name: string, more: Partial<Statement> = {}): Statement => ({
  sql: "insert into settings (name, value) values (?, 'x')",
  params: [name],
  ...more,
});
const claim: Statement = put("claim", { losable: true });
/** 2 = the disk has it before the answer, 1 = soon after (https://www.sqlite.org/pragma.html#pragma_synchronous, remembered, not verified). */
const synced = () => connection.db.prepare("pragma synchronous").get()?.synchronous;
const names = () =>
  connection.db
    .prepare("select name from settings order by name")
    .all()
    .map((row) => row.name);

describe("how hard a commit is", () => {
  test("an acknowledged webhook or an intent waits for the disk, a claim alone does not", () => {
    commit(connection, [[claim]]);
    expect(synced()).toBe(1);
    commit(connection, [[put("intent")]]);
    expect(synced()).toBe(2);
  });

  test("one durable write in a group makes the whole group durable", () => {
    commit(connection, [[claim], [put("webhook")]]);
    expect(synced()).toBe(2);
    commit(connection, [[put("a"), put("b", { losable: true })]]);
    expect(synced()).toBe(2);
  });

  test("a claim that failed does not leave the next webhook without its sync", () => {
    expect(() => commit(connection, [[{ ...claim, sql: "insert into nowhere values (?)" }]])).not.toThrow();
    commit(connection, [[put("webhook")]]);
    expect(synced()).toBe(2);
  });
});

describe("the writes of a group", () => {
  const lost = put("lost", { sql: "update settings set value = ? where name = 'nobody'", mustAffect: 1 });
  const broken = put("broken", { sql: "insert into settings (name, value) values (?, null)" });

  test.each([
    ["first", [[put("gone"), lost], [put("a")], [put("b")]], ["lost", [[]], [[]]]],
    ["in the middle", [[put("a")], [put("gone"), lost], [put("b")]], [[[]], "lost", [[]]]],
    ["last", [[put("a")], [put("b")], [put("gone"), lost]], [[[]], [[]], "lost"]],
  ])("one that is lost, %s, takes only itself back", (_where, writes, values) => {
    const reply = commit(connection, writes);
    expect(reply).toEqual({ answer: "committed", outcomes: values.map((value) => ({ value })) });
    expect(names()).toEqual(["a", "b"]);
  });

  test("one that breaks a rule, first, takes only itself back", () => {
    const reply = commit(connection, [[put("gone"), broken], [put("a")]]);
    expect(reply).toMatchObject({ outcomes: [{ error: expect.any(String) }, { value: [[]] }] });
    expect(names()).toEqual(["a"]);
  });

  test("a statement for many tells for each whether it changed anything", () => {
    const many = put("", { sql: `${put("").sql} on conflict do nothing`, each: [["a"], ["b"], ["a"]] });
    const answer = [[{ changed: 1 }, { changed: 1 }, { changed: 0 }]];
    expect(commit(connection, [[many]])).toEqual({ answer: "committed", outcomes: [{ value: answer }] });
    expect(commit(connection, [[{ ...many, mustAffect: 1 }]])).toMatchObject({
      outcomes: [{ value: "lost" }],
    });
  });
});

describe("the disk of a SQLite file", () => {
  test.each([
    ["NFS", 0x6969],
    ["CIFS", 0xff53_4d42],
    ["CIFS", 0xff53_4d42 | 0],
    ["SMB2", 0xfe53_4d42],
  ])("%s is warned about, for SQLite loses data there", (kind, type) => {
    expect(networkWarning("/data", () => type)).toBe(
      `/data is on ${kind}: SQLite loses data on a disk that is shared over a network. fix: Use a local disk, or PostgreSQL.`,
    );
  });

  test.each([
    ["ext4", 0xef53],
    ["tmpfs", 0x0102_1994],
    ["overlay", 0x794c_7630],
  ])("%s is fine", (_kind, type) => {
    expect(networkKind(type)).toBeNull();
  });

  test("the disk under this test is looked at and fine", () => {
    expect(networkWarning(folder)).toBeNull();
  });
});
