import { describe, expect, test } from "@jest/globals";
import nock from "nock";
import { answerJson, collected, errorOf, HOME, local, NOW, opened, running } from "./hubspot-standin.ts";

const SEARCH = "/crm/objects/2026-09/companies/search";
const LIST = "/crm/objects/2026-09/companies";
const window = { from: NOW - 60_000, to: NOW };

interface SearchBody {
  readonly filterGroups: readonly [
    {
      readonly filters: readonly {
        readonly propertyName: string;
        readonly operator: string;
        readonly value: string;
      }[];
    },
  ];
  readonly after?: string;
  readonly limit: number;
}

type Order = (left: string, right: string) => number;
const AS_NUMBERS: Order = (left, right) => Number(left) - Number(right);
const AS_TEXT: Order = (left, right) => (left < right ? -1 : left > right ? 1 : 0);

/** A search over `ids`, all changed in one millisecond, with HubSpot's ceiling of 10,000 results a query. */
function searchOver(ids: readonly string[], order: Order) {
  const sorted = [...ids].sort(order);
  const queries: SearchBody[] = [];
  const answer = (text: string): { status: number; body: unknown } => {
    const query = JSON.parse(text) as SearchBody;
    queries.push(query);
    const beyond = query.filterGroups[0].filters.find((filter) => filter.operator === "GT")?.value;
    const hits = beyond === undefined ? sorted : sorted.filter((id) => order(id, beyond) > 0);
    const start = Number(query.after ?? "0");
    if (start + query.limit > 10_000) return { status: 400, body: { category: "VALIDATION_ERROR" } };
    const end = start + query.limit;
    const results = hits.slice(start, end).map((id) => ({ id, updatedAt: "2026-11-22T08:59:30.000Z" }));
    const paging = end < hits.length ? { paging: { next: { after: String(end) } } } : {};
    return { status: 200, body: { total: hits.length, results, ...paging } };
  };
  return { queries, answer };
}

describe("what changed is found completely", () => {
  test("a window asks for stamps between its two ends, ids and stamps only, in id order", async () => {
    const asked: unknown[] = [];
    nock(HOME)
      .post(SEARCH, (body: unknown) => asked.push(body) > 0)
      .reply(200, {
        total: 2,
        results: [
          {
            id: "7",
            properties: { hs_lastmodifieddate: "2026-11-22T08:59:10.5Z" },
            updatedAt: "2026-11-22T08:00:00Z",
          },
          { id: "30", properties: { hs_lastmodifieddate: null }, updatedAt: "2026-11-22T08:59:20.123Z" },
        ],
      });
    expect(await collected(opened().changes(window, running()))).toEqual([
      {
        changed: [
          { id: "7", updatedAt: "2026-11-22T08:59:10.500Z" },
          { id: "30", updatedAt: "2026-11-22T08:59:20.123Z" },
        ],
        gone: [],
      },
    ]);
    expect(asked).toEqual([
      {
        filterGroups: [
          {
            filters: [
              { propertyName: "hs_lastmodifieddate", operator: "GTE", value: String(window.from) },
              { propertyName: "hs_lastmodifieddate", operator: "LTE", value: String(window.to) },
            ],
          },
        ],
        sorts: ["hs_object_id"],
        properties: ["hs_lastmodifieddate"],
        limit: 200,
      },
    ]);
  });

  test("nothing changed costs one call", async () => {
    nock(HOME).post(SEARCH).reply(200, { total: 0, results: [] });
    const crm = opened();
    expect(await collected(crm.changes(window, running()))).toEqual([]);
    expect(crm.calls()).toEqual({ search: 1, general: 0 });
  });

  test("a short page and an empty page are not the end; a missing next page is", async () => {
    // The index is stale: an archived company is counted but not shown (recorded: total 3, results []).
    const page = (results: unknown[], after?: string) => ({
      total: 450,
      results,
      ...(after === undefined ? {} : { paging: { next: { after } } }),
    });
    nock(HOME)
      .post(SEARCH)
      .reply(200, page([{ id: "1" }], "200"));
    nock(HOME)
      .post(SEARCH, (body: SearchBody) => body.after === "200")
      .reply(200, page([], "400"));
    nock(HOME)
      .post(SEARCH, (body: SearchBody) => body.after === "400")
      .reply(200, page([{ id: "2" }]));
    const pages = await collected(opened().changes(window, running()));
    expect(pages.flatMap((one) => one.changed.map((company) => company.id))).toEqual(["1", "2"]);
  });

  test.each([
    ["numbers", AS_NUMBERS],
    ["text", AS_TEXT],
  ])(
    "25,000 companies changed in one millisecond all arrive when HubSpot orders ids as %s",
    async (_name, order) => {
      // Ids of different lengths, so that the two orders differ: 7198 < 719869649082 < 7199 as text.
      const ids = Array.from({ length: 25_000 }, (_, index) =>
        index % 3 === 0 ? String(7_000 + index) : String(719_000_000_000 + index * 7),
      );
      const search = searchOver(ids, order);
      const server = await local((_request, response, body) => {
        const { status, body: answer } = search.answer(body);
        answerJson(response, answer, status);
      });
      const crm = opened({ url: server.url });
      const pages = await collected(crm.changes(window, running()));
      await server.close();
      const found = pages.flatMap((page) => page.changed.map((company) => company.id));
      expect(found).toHaveLength(25_000);
      expect(new Set(found)).toEqual(new Set(ids));
      expect(search.queries).toHaveLength(125);
      const restarts = search.queries.filter((query) => query.after === undefined);
      expect(restarts).toHaveLength(3);
    },
  );

  test("an offset that does not fit the page size never asks beyond 10,000", async () => {
    nock(HOME)
      .post(SEARCH)
      .reply(200, { results: [{ id: "5" }], paging: { next: { after: "9900" } } });
    nock(HOME)
      .post(SEARCH, (body: SearchBody) => body.after === "9900" && body.limit === 100)
      .reply(200, { results: [{ id: "6" }], paging: { next: { after: "10000" } } });
    nock(HOME)
      .post(
        SEARCH,
        (body: SearchBody) => body.after === undefined && body.filterGroups[0].filters[2]?.value === "6",
      )
      .reply(200, { results: [] });
    const pages = await collected(opened().changes(window, running()));
    expect(pages).toHaveLength(2);
  });

  test.each([
    ["repeats its page", { results: [{ id: "5" }], paging: { next: { after: "200" } } }],
    ["ignores where a restart begins", { results: [{ id: "5" }], paging: { next: { after: "10000" } } }],
    ["counts 10,000 companies and shows none", { results: [], paging: { next: { after: "10000" } } }],
  ])("a search that %s ends as a failure, never as an endless run", async (_name, page) => {
    nock(HOME).post(SEARCH).reply(200, page).persist();
    expect((await errorOf(collected(opened().changes(window, running())))).name).toBe("TryAgain");
  });

  test("one odd record does not stop its page, and large ids stay exact", async () => {
    nock(HOME)
      .post(SEARCH)
      .reply(
        200,
        '{"results":[null,{"id":null},{"id":"x"},{"id":9007199254740993,"properties":null,"updatedAt":5},{"id":"12","properties":{"hs_lastmodifieddate":"1795338000000"},"extra":{}}]}',
        { "content-type": "application/json" },
      );
    const pages = await collected(opened().changes(window, running()));
    expect(pages[0]?.changed).toEqual([
      { id: "9007199254740993", updatedAt: "5" },
      { id: "12", updatedAt: "2026-11-22T09:00:00.000Z" },
    ]);
  });
});

describe("the whole account can be walked", () => {
  test("every company is listed by hundreds, then the archived ones as gone", async () => {
    const asked: string[] = [];
    const server = await local((request, response) => {
      const query = new URL(request.url ?? "", "http://x").searchParams;
      asked.push(
        [query.get("limit"), query.getAll("properties"), query.get("after"), query.get("archived")].join(" "),
      );
      if (query.get("archived") === "true") answerJson(response, { results: [{ id: "9", archived: true }] });
      else if (query.get("after") === null)
        answerJson(response, { results: [{ id: "1" }], paging: { next: { after: "101" } } });
      else
        answerJson(response, {
          results: [{ id: "2", properties: { hs_lastmodifieddate: "2026-01-01T00:00:00Z" } }],
        });
    });
    const pages = await collected(opened({ url: server.url }).all(running()));
    await server.close();
    expect(asked).toEqual([
      "100 hs_lastmodifieddate  false",
      "100 hs_lastmodifieddate 101 false",
      "100 hs_lastmodifieddate  true",
    ]);
    expect(pages).toEqual([
      { changed: [{ id: "1", updatedAt: null }], gone: [] },
      { changed: [{ id: "2", updatedAt: "2026-01-01T00:00:00.000Z" }], gone: [] },
      { changed: [], gone: ["9"] },
    ]);
  });

  test("a list that repeats its page ends as a failure", async () => {
    nock(HOME)
      .get(LIST)
      .query(true)
      .reply(200, { results: [{ id: "1" }], paging: { next: { after: "1" } } })
      .persist();
    expect((await errorOf(collected(opened().all(running())))).name).toBe("TryAgain");
  });
});
