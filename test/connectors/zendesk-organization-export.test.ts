import { describe, expect, test } from "@jest/globals";
import nock from "nock";
import { TryAgain } from "../../src/errors.ts";
import type { OrganizationPage } from "../../src/ports.ts";
import { failureOf, HOST, NOW, open, organizationJson, signal } from "./zendesk-kit.ts";

const EXPORT = "/api/v2/incremental/organizations";
const second = (iso: string): number => Date.parse(iso) / 1000;
const T1 = second("2026-11-20T10:00:00Z");

function row(id: number, updated_at: string, over: object = {}): object {
  return { ...organizationJson, id, name: `Org ${id}`, updated_at, ...over };
}

function mockExport(start: number, rows: readonly unknown[], end: unknown, last: boolean | null): void {
  nock(HOST)
    .get(EXPORT)
    .query({ start_time: String(start), per_page: "1000" })
    .reply(200, {
      organizations: rows,
      count: rows.length,
      end_time: end,
      next_page: `https://evil.example${EXPORT}?start_time=${String(end)}`,
      ...(last === null ? {} : { end_of_stream: last }),
    });
}

async function pages(cursor: string | null): Promise<readonly OrganizationPage[]> {
  const all: OrganizationPage[] = [];
  for await (const page of open().desk.organizations(cursor, signal)) all.push(page);
  return all;
}

const idsOf = (all: readonly OrganizationPage[]): readonly string[] =>
  all.flatMap((page) => page.organizations.map((one) => one.id));

describe("Organizations that changed", () => {
  test("come with our own fields only, as text, and the deleted ones as gone", async () => {
    mockExport(
      0,
      [
        row(1, "2026-11-20T10:00:00Z", {
          external_id: "hubspot:9",
          organization_fields: {
            ps_tier: "ps_tier_pro",
            ps_arr: 80400.5,
            ps_renewal: "2027-01-31T00:00:00+00:00",
            ps_changed_at: "2026-11-20T10:00:00Z",
            ps_tam: "",
            ps_account: null,
            ps_flag: true,
            their_field: "untouched",
          },
        }),
        row(2, "2026-11-20T10:00:00Z", { deleted_at: "2026-11-20T10:00:00Z" }),
        { id: null, name: "odd" },
        row(3, "2026-11-20T10:00:00Z", {
          name: null,
          domain_names: null,
          tags: null,
          organization_fields: null,
          id: "3",
        }),
      ],
      T1,
      true,
    );
    const [page] = await pages(null);
    expect(page).toEqual({
      organizations: [
        {
          id: "1",
          name: "Org 1",
          externalId: "hubspot:9",
          domains: ["customer.example"],
          tags: ["pilot"],
          fields: {
            ps_tier: "ps_tier_pro",
            ps_arr: "80400.5",
            ps_renewal: "2027-01-31",
            ps_changed_at: "2026-11-20T10:00:00Z",
            ps_tam: null,
            ps_account: null,
            ps_flag: "true",
          },
        },
        { id: "3", name: "", externalId: null, domains: [], tags: [], fields: {} },
      ],
      gone: ["2"],
      cursor: String(T1),
      last: true,
    });
  });

  test("are followed page by page by time, never by an address in the answer, and repeated rows count once", async () => {
    const a = row(1, "2026-11-20T10:00:00Z");
    const b = row(2, "2026-11-20T10:05:00Z");
    const c = row(3, "2026-11-20T10:05:00Z");
    mockExport(0, [a, b], T1 + 300, false);
    mockExport(T1 + 300, [b, c], T1 + 300, true);
    const all = await pages(null);
    expect(idsOf(all)).toEqual(["1", "2", "3"]);
    expect(all.map((page) => [page.cursor, page.last])).toEqual([
      [String(T1 + 300), false],
      [String(T1 + 300), true],
    ]);
  });

  test("an organization changed again after its page comes again", async () => {
    mockExport(0, [row(1, "2026-11-20T10:00:00Z")], T1, false);
    mockExport(T1, [row(1, "2026-11-20T10:00:00Z"), row(1, "2026-11-20T10:09:00Z")], T1 + 540, true);
    expect(idsOf(await pages(null))).toEqual(["1", "1"]);
  });

  test("more than a page in one second is no endless loop and loses nobody", async () => {
    const same = Array.from({ length: 1000 }, (_, index) => row(index + 1, "2026-11-20T10:00:00Z"));
    mockExport(T1, same, T1, false);
    nock(HOST)
      .get("/api/v2/organizations")
      .query({ "page[size]": "100" })
      .reply(200, {
        organizations: [same[0], row(1001, "2026-11-20T10:00:00Z"), row(5, "2026-01-01T00:00:00Z")],
        meta: { has_more: true, after_cursor: "next" },
      });
    nock(HOST)
      .get("/api/v2/organizations")
      .query({ "page[size]": "100", "page[after]": "next" })
      .reply(200, {
        organizations: [row(1002, "2026-11-20T10:00:00Z")],
        meta: { has_more: false, after_cursor: null },
      });
    mockExport(T1 + 1, [row(2000, "2026-11-20T10:30:00Z")], T1 + 1800, true);
    const all = await pages(String(T1));
    expect(idsOf(all)).toHaveLength(1003);
    expect(idsOf(all).slice(-3)).toEqual(["1001", "1002", "2000"]);
    expect(all.at(-1)?.cursor).toBe(String(T1 + 1800));
  });

  test("the cursor never lies within the last minute, and neither does the question", async () => {
    const minuteAgo = NOW / 1000 - 61;
    mockExport(minuteAgo, [], null, true);
    const [early] = await pages(String(NOW / 1000 + 500));
    expect(early?.cursor).toBe(String(minuteAgo));
    mockExport(T1, [row(1, "2026-11-22T11:59:59Z")], NOW / 1000, null);
    const [late] = await pages(String(T1));
    expect([late?.cursor, late?.last]).toEqual([String(minuteAgo), true]);
  });

  test("an export that stops at the last minute ends there", async () => {
    const minuteAgo = NOW / 1000 - 61;
    mockExport(minuteAgo, [row(1, "2026-11-22T11:59:30Z")], NOW / 1000, false);
    expect((await pages(String(minuteAgo))).map((page) => page.last)).toEqual([true]);
  });

  test("an answer without a list is no empty list", async () => {
    nock(HOST).get(EXPORT).query(true).reply(200, { count: 0 });
    expect(await failureOf(pages(null), TryAgain)).toBeInstanceOf(TryAgain);
  });

  test("pages that never end are noticed", async () => {
    nock(HOST)
      .get("/api/v2/groups")
      .query(true)
      .times(3)
      .reply(200, { groups: [], meta: { has_more: true, after_cursor: "same" } });
    nock(HOST).get("/api/v2/groups").query(true).optionally().reply(500);
    await failureOf(open().desk.describe(), TryAgain);
    nock.cleanAll();
  });
});
