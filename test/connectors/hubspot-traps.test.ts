/** HubSpot's fifteen known traps, one test each; the details of many are in the files beside this one. */
import { describe, expect, test } from "@jest/globals";
import nock from "nock";
import { readHubspotWebhook } from "../../connectors/hubspot/index.ts";
import { startHubspotSandbox } from "../../src/sandbox/hubspot.ts";
import { deal, OPEN, withDeals } from "./hubspot-related-kit.ts";
import { answerJson, collected, errorOf, HOME, local, NOW, opened, running } from "./hubspot-standin.ts";

const SEARCH = "/crm/objects/2026-09/companies/search";
const READ = "/crm/objects/2026-09/companies/batch/read";
const UPDATE = "/crm/objects/2026-09/companies/batch/update";
const PROPERTIES = "/crm/properties/2026-09/companies";
const window = { from: NOW - 60_000, to: NOW };

async function cautionOf(name: string): Promise<string | null | undefined> {
  nock(HOME)
    .get(PROPERTIES)
    .reply(200, { results: [{ name, label: name, type: "number" }] });
  return (await opened().fields())[0]?.caution;
}

describe("reading the wrong thing", () => {
  test("trap 1: the customer's own turnover is never offered as ARR without a warning", async () => {
    expect(await cautionOf("annualrevenue")).toContain("never map it to ARR");
  });

  test("trap 2: HubSpot's computed deal figures are not offered without a warning", async () => {
    for (const name of ["hs_arr", "hs_mrr", "hs_acv", "hs_tcv"])
      expect(await cautionOf(name)).toContain("multi-year");
  });

  test("trap 2: lost and open deals are no ARR, and every deal brings its own currency and end along", async () => {
    const won = { hs_arr: "100", deal_currency_code: "EUR" };
    const deals = [
      deal("11", ["1"], { ...won, contract_end: "2026-12-31" }),
      deal("12", ["1"], { ...won, contract_end: "2025-12-31" }),
      deal("13", ["1"], { ...won, hs_is_closed_won: "false" }),
      deal("14", ["1"], OPEN),
    ];
    await withDeals({ deals }, async ({ handed }) => {
      // Which of the won ones run today is for the policy to say.
      expect(await handed("1", "deals.arr")).toEqual([
        expect.objectContaining({ amount: "100", currency: "EUR", end: "2026-12-31" }),
        expect.objectContaining({ end: "2025-12-31" }),
      ]);
    });
  });

  test("trap 3: neither the total nor the values of a search are believed, only ids and stamps", async () => {
    nock(HOME)
      .post(SEARCH)
      .reply(200, { total: 3, results: [{ id: "1", properties: { plan: "stale" } }] });
    expect(await collected(opened().changes(window, running()))).toEqual([
      { changed: [{ id: "1", updatedAt: null }], gone: [] },
    ]);
  });

  test("trap 4: a window has two fixed ends, and says how far the next one must reach back", async () => {
    let filters: unknown;
    nock(HOME)
      .post(SEARCH, (body: { filterGroups: [{ filters: { operator: string }[] }] }) => {
        filters = body.filterGroups[0].filters.map((filter) => filter.operator);
        return true;
      })
      .reply(200, { results: [] });
    const crm = opened();
    await collected(crm.changes(window, running()));
    expect(filters).toEqual(["GTE", "LTE"]);
    expect(crm.overlapMs).toBe(600_000);
  });

  test("trap 5: a short page is not the end, and the next query begins beyond the last id, not at the next number", async () => {
    nock(HOME)
      .post(SEARCH)
      .reply(200, { results: [{ id: "7198" }], paging: { next: { after: "10000" } } });
    let beyond: unknown;
    nock(HOME)
      .post(SEARCH, (body: { filterGroups: [{ filters: unknown[] }] }) => {
        beyond = body.filterGroups[0].filters[2];
        return true;
      })
      .reply(200, { results: [] });
    await collected(opened().changes(window, running()));
    expect(beyond).toEqual({ propertyName: "hs_object_id", operator: "GT", value: "7198" });
  });

  test("trap 6: two hundred mapped properties go neither into a search nor into an address", async () => {
    const properties = Array.from({ length: 200 }, (_, index) => `a_rather_long_property_name_${index}`);
    const seen: { path: string; length: number }[] = [];
    const server = await local((request, response, body) => {
      seen.push({ path: request.url ?? "", length: body.length });
      answerJson(response, { results: [{ id: "1" }] });
    });
    const crm = opened({ url: server.url });
    await collected(crm.changes(window, running()));
    await crm.read(["1"], properties, running());
    await server.close();
    expect(seen[0]?.length).toBeLessThan(3_000);
    expect(seen.every((request) => request.path.length < 200)).toBe(true);
  });

  test("trap 7: the record that comes back may be another one than was asked for", async () => {
    nock(HOME)
      .post(READ)
      .reply(200, { results: [{ id: "300" }] });
    const answer = await opened().read(["100"], [], running());
    expect(answer.moved).toEqual([{ from: "100", into: "300" }]);
    expect(answer.accounts[0]?.id).toBe("300");
  });

  test("trap 8: an archived company never shows in a search; the walk over everything reports it", async () => {
    const sandbox = await startHubspotSandbox({ companies: [{ id: "1", properties: {} }], now: () => NOW });
    const crm = opened({ url: sandbox.url, token: () => sandbox.token });
    sandbox.archive("1");
    const searched = await collected(crm.changes(window, running()));
    const walked = await collected(crm.all(running()));
    await sandbox.close();
    expect(searched).toEqual([]);
    expect(walked).toEqual([{ changed: [], gone: ["1"] }]);
  });
});

describe("trusting the client and the answer", () => {
  test("trap 9: two connections in one process share neither token, address, waits nor counts", async () => {
    const tokens: (string | undefined)[] = [];
    const server = await local((request, response) => {
      tokens.push(request.headers.authorization);
      answerJson(response, { results: [] });
    });
    const [a, b] = [
      opened({ url: server.url, token: () => "a" }),
      opened({ url: server.url, token: () => "b" }),
    ];
    await collected(a.changes(window, running()));
    await collected(b.changes(window, running()));
    await collected(a.changes(window, running()));
    await server.close();
    expect(tokens).toEqual(["Bearer a", "Bearer b", "Bearer a"]);
    expect([a.calls(), b.calls()]).toEqual([
      { search: 2, general: 0 },
      { search: 1, general: 0 },
    ]);
  });

  test("trap 10: a page that looks like success and holds no answer loses nobody", async () => {
    nock(HOME).post(READ).reply(200, {});
    expect((await errorOf(opened().read(["1"], [], running()))).name).toBe("TryAgain");
  });

  test("trap 11: a refused search without a policy name is still only a short pause", async () => {
    nock(HOME)
      .post(SEARCH)
      .times(3)
      .reply(429, { message: "You have reached your secondly limit.", category: "RATE_LIMITS" });
    const error = await errorOf(collected(opened().changes(window, running())));
    expect(error).toMatchObject({ name: "Paused", afterMs: 1_000 });
  });

  test("trap 12: a signature counts for the public address and the exact bytes only", () => {
    // HubSpot/hubspot-api-ruby, spec/helpers/signature_spec.rb
    const headers = {
      "x-hubspot-signature-v3": "RnbPH7+UMKVkbV32P8bz450N4M56aPmcru1+D3kSDtw=",
      "x-hubspot-request-timestamp": "1700000300000",
      host: "127.0.0.1:8080",
    };
    const read = (body: string, publicUrl: string): string =>
      readHubspotWebhook(
        { method: "POST", path: "/webhook_uri", headers, body: Buffer.from(body) },
        {
          clientSecret: "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy",
          publicUrl,
          labelProperty: null,
          now: 1_700_000_300_000,
        },
      ).kind;
    const body = "{'example_field':'example_value'}";
    expect(read(body, "https://www.example.com")).toBe("malformed");
    expect(read(body, "http://127.0.0.1:8080")).toBe("refused");
    expect(read(body.replace(":", ": "), "https://www.example.com")).toBe("refused");
  });
});

describe("living with webhooks and with our own writes", () => {
  test("trap 13: neither values, event ids nor order of a webhook matter: the same companies come out", async () => {
    const sandbox = await startHubspotSandbox({
      companies: ["1", "2"].map((id) => ({ id, properties: {} })),
      now: () => NOW,
    });
    const found: string[][] = [];
    const us = await local((request, response, body) => {
      const reading = readHubspotWebhook(
        {
          method: "POST",
          path: "/webhooks/hubspot",
          headers: request.headers as Record<string, string>,
          body: Buffer.from(body),
        },
        { clientSecret: "s", publicUrl: us.url, labelProperty: null, now: NOW },
      );
      if (reading.kind === "delivery") found.push([...reading.delivery.accountIds].sort());
      if (reading.kind === "delivery") expect(reading.delivery.keys.event).toBeNull();
      response.end();
    });
    sandbox.connectWebhook({
      targetUrl: `${us.url}/webhooks/hubspot`,
      clientSecret: "s",
      eventIds: "reused",
      doubled: 1,
      sensitive: ["plan_tier"],
    });
    for (const id of ["2", "1", "2"]) sandbox.setCompany(id, { plan_tier: `p${id}` });
    await sandbox.drain();
    await us.close();
    await sandbox.close();
    expect(found).toEqual([["1", "2"]]);
  });

  test("trap 14: without any webhook every change is found by asking", async () => {
    const clock = { at: NOW };
    const sandbox = await startHubspotSandbox({
      companies: [{ id: "1", properties: {} }],
      now: () => clock.at,
      indexLagMs: 30_000,
    });
    const crm = opened({ url: sandbox.url, token: () => sandbox.token });
    sandbox.setCompany("1", { plan_tier: "b" });
    clock.at += 60_000;
    const pages = await collected(crm.changes({ from: clock.at - crm.overlapMs, to: clock.at }, running()));
    await sandbox.close();
    expect(pages[0]?.changed[0]?.id).toBe("1");
  });

  test("trap 14: neither a deal nor a parent moves the company's stamp; both are looked for by themselves", async () => {
    await withDeals({ deals: [deal("11", ["1"])] }, async ({ sandbox, crm, poll }) => {
      const stamp = async () => (await crm.read(["1"], [], running())).accounts[0]?.updatedAt;
      const before = await stamp();
      sandbox.deals.set("11", { hs_arr: "7" });
      expect(await stamp()).toBe(before);
      expect(await poll()).toEqual(["1"]);
    });
    const sandbox = await startHubspotSandbox({
      companies: ["1", "2", "3"].map((id) => ({
        id,
        properties: { hs_parent_company_id: id === "3" ? "1" : null },
      })),
      now: () => NOW,
    });
    const into = sandbox.merge("1", "2");
    const crm = opened({ url: sandbox.url, token: () => sandbox.token, parent: "hs_parent_company_id" });
    const searched = (await collected(crm.changes(window, running()))).flatMap((page) => page.changed);
    const walked = (await collected(crm.all(running()))).flatMap((page) => page.changed);
    await sandbox.close();
    expect(searched.map((one) => one.id)).toEqual([into]);
    expect(walked.find((one) => one.id === "3")?.parent).toBe(into);
  });

  test("trap 15: the label is written by its internal value, cleared with empty text, to the dated API", async () => {
    let sent: unknown;
    nock(HOME)
      .post(UPDATE, (body: unknown) => {
        sent = body;
        return true;
      })
      .reply(200, { results: [{ id: "1" }, { id: "2" }] });
    const rows = [
      { id: "1", value: "gold" },
      { id: "2", value: "" },
    ];
    await opened().writeLabels(rows, "support_tier", running());
    expect(sent).toEqual({
      inputs: [
        { id: "1", properties: { support_tier: "gold" } },
        { id: "2", properties: { support_tier: "" } },
      ],
    });
  });
});
