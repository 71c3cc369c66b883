/** What each source said about an account is kept apart, and found again by account and by record. */
import { expect, test } from "@jest/globals";
import type { SourceRow } from "../../src/ports.ts";
import { account } from "../builders.ts";
import type { Under } from "./kit.ts";

function said(
  source: string,
  sourceId: string,
  accountId: string,
  changes: Partial<SourceRow> = {},
): SourceRow {
  return {
    source,
    sourceId,
    accountId,
    account: account({ id: `${source}:${sourceId}`, arr: { amount: "80400.10", currency: "USD" } }),
    stated: ["arr"],
    updatedAt: "1",
    ...changes,
  };
}

/** The promises of the facts per source. */
export function sourceFactsPromises(under: Under): void {
  test("what sources say about an account comes back as it was, in order", async () => {
    const { sourceFacts } = under().store;
    const rows = [
      said("sql.b", "2", "hubspot:1"),
      said("csv", "9", "hubspot:1"),
      said("csv", "8", "hubspot:1"),
    ];
    await sourceFacts.put([...rows, said("csv", "7", "hubspot:2")]);
    expect(await sourceFacts.of(["hubspot:1", "hubspot:404"])).toEqual([rows[2], rows[1], rows[0]]);
  });

  test("a record that is read again replaces itself, also when it now belongs to another account", async () => {
    const { sourceFacts } = under().store;
    await sourceFacts.put([said("csv", "1", "hubspot:1")]);
    await sourceFacts.put([said("csv", "1", "hubspot:2", { updatedAt: "2" }), said("csv", "1", "hubspot:3")]);
    expect(await sourceFacts.of(["hubspot:1", "hubspot:2"])).toEqual([]);
    expect(await sourceFacts.known("csv", ["1", "404"])).toEqual(
      new Map([["1", { accountId: "hubspot:3", updatedAt: "1" }]]),
    );
  });

  test("a forgotten record names the account it belonged to; one that belonged to none just goes", async () => {
    const { sourceFacts } = under().store;
    await sourceFacts.put([
      said("csv", "1", "hubspot:1"),
      said("csv", "2", ""),
      said("sql", "1", "hubspot:1"),
    ]);
    expect(await sourceFacts.remove("csv", ["1", "2", "404"])).toEqual(["hubspot:1"]);
    expect(await sourceFacts.page("csv", null, 10)).toEqual([]);
    expect((await sourceFacts.of(["hubspot:1"])).map((row) => row.source)).toEqual(["sql"]);
  });

  test("the records of a source are walked in order, page by page", async () => {
    const { sourceFacts } = under().store;
    await sourceFacts.put(["3", "1", "2"].map((id) => said("csv", id, "")));
    expect(await sourceFacts.page("csv", null, 2)).toEqual(["1", "2"]);
    expect(await sourceFacts.page("csv", "2", 2)).toEqual(["3"]);
  });

  test("a copy for a dry run holds them too", async () => {
    const { store } = under();
    await store.sourceFacts.put([said("csv", "1", "hubspot:1")]);
    const scratch = await store.scratch();
    expect(await scratch.sourceFacts.of(["hubspot:1"])).toHaveLength(1);
    await scratch.close();
  });
}
