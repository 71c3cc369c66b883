import { describe, expect, test } from "@jest/globals";
import {
  type Dataset,
  type DatasetCompany,
  dataset,
  datasetCompanies,
  demoTickets,
} from "../../src/sandbox/dataset.ts";
import { castSize } from "../../src/sandbox/dataset-cast.ts";
import { dice } from "../../src/sandbox/dataset-dice.ts";
import { OWNER_IDS } from "../../src/sandbox/dataset-people.ts";
import { startHubspotSandbox } from "../../src/sandbox/hubspot.ts";

const AS_OF = Date.UTC(2026, 5, 15, 14);
const DAY_MS = 86_400_000;
const small = (): Dataset => dataset({ seed: 7, asOf: AS_OF, companies: 400 });

function playing(data: Dataset, role: string): DatasetCompany {
  const company = data.companies.find((row) => row.role === role);
  if (company === undefined) throw new Error(`nobody plays ${role}`);
  return company;
}

const daysLeft = (date: string | null): number =>
  date === null ? Number.NaN : Math.round((Date.parse(date) - Math.floor(AS_OF / DAY_MS) * DAY_MS) / DAY_MS);

describe("the data set", () => {
  test("is the same for the same seed and day", () => {
    expect(small()).toEqual(small());
    expect(demoTickets(small())).toEqual(demoTickets(small()));
  });

  test("differs for another seed, but not in its curated cast", () => {
    const [one, other] = [small(), dataset({ seed: 8, asOf: AS_OF, companies: 400 })];
    expect(other.companies.slice(0, castSize())).toEqual(one.companies.slice(0, castSize()));
    expect(other.companies.slice(castSize())).not.toEqual(one.companies.slice(castSize()));
  });

  test("keeps its first companies when more are asked for", () => {
    const larger = dataset({ seed: 7, asOf: AS_OF, companies: 900 });
    expect(larger.companies.slice(0, 400)).toEqual(small().companies);
  });

  test("has as many companies as asked, and never fewer than the cast", () => {
    expect(small().companies).toHaveLength(400);
    expect(dataset({ seed: 7, asOf: AS_OF, companies: 3 }).companies).toHaveLength(castSize());
  });

  test("can be streamed without holding it in memory", () => {
    let count = 0;
    for (const company of datasetCompanies({ seed: 7, asOf: AS_OF, companies: 20_000 }))
      if (company.id !== "") count += 1;
    expect(count).toBe(20_000);
  });

  test("gives every company, organization, person and owner an identity of its own", () => {
    const data = dataset({ seed: 3, asOf: AS_OF, companies: 3_000 });
    const unique = (values: readonly string[]) => expect(new Set(values).size).toBe(values.length);
    unique(data.companies.map((row) => row.id));
    unique(data.organizations.map((row) => row.key));
    unique(data.organizations.map((row) => row.name.toLowerCase()));
    unique([...data.users, ...data.agents].map((row) => row.email));
    unique(data.owners.flatMap((row) => [row.id, row.userId]));
  });

  test("refers only to things that exist", () => {
    const data = small();
    const companies = new Set(data.companies.map((row) => row.id));
    const owners = new Set(data.owners.map((row) => row.id));
    const organizations = new Set(data.organizations.map((row) => row.key));
    for (const { properties } of data.companies) {
      const { hs_parent_company_id: parent, hubspot_owner_id: owner, support_tam: tam } = properties;
      if (parent !== null) expect(companies).toContain(parent);
      for (const person of [owner, tam]) if (person !== null) expect(owners).toContain(person);
    }
    for (const { companyId } of data.organizations)
      if (companyId !== null) expect(companies).toContain(companyId);
    for (const { organization } of data.users)
      if (organization !== null) expect(organizations).toContain(organization);
    for (const { groups } of data.agents) for (const group of groups) expect(data.groups).toContain(group);
  });

  test("uses addresses nobody owns, gmail.com as the free-mail case excepted", () => {
    for (const { properties } of small().companies)
      if (properties.domain !== null) expect(properties.domain).toMatch(/(\.example|^gmail\.com)$/);
    for (const { email } of small().users) expect(email).toMatch(/(\.example|@gmail\.com)$/);
  });

  test("has more small customers than large ones, some of them trials, children or unpaid", () => {
    const made = dataset({ seed: 5, asOf: AS_OF, companies: 4_000 }).companies.slice(castSize());
    const share = (test: (properties: DatasetCompany["properties"]) => boolean) =>
      made.filter((row) => test(row.properties)).length / made.length;
    expect(share((row) => /enterprise/i.test(row.plan_tier ?? ""))).toBeLessThan(0.08);
    expect(share((row) => row.account_status === "Trial")).toBeGreaterThan(0.01);
    expect(share((row) => row.hs_parent_company_id !== null)).toBeGreaterThan(0.02);
    expect(share((row) => row.account_status === "Unpaid")).toBeGreaterThan(0.005);
    expect(share((row) => row.domain === null)).toBeGreaterThan(0.005);
    expect(share((row) => row.support_tier !== null)).toBe(0);
  });
});

describe("the curated cast", () => {
  const cases: readonly [role: string, shows: Partial<Record<string, unknown>>][] = [
    ["addon_tam", { plan_tier: "Enterprise", support_addons: "ENT-SUPPORT", support_tam: OWNER_IDS.tamTess }],
    ["arr_eur", { arr: "96000", arr_currency: "EUR" }],
    ["arr_jpy", { arr: "12000000", arr_currency: "JPY" }],
    ["arr_text", { arr: "12k" }],
    ["arr_negative", { arr: "-4200" }],
    ["arr_no_currency", { arr_currency: "XAU" }],
    ["plan_unmapped", { plan_tier: "Platinum 2019" }],
    ["revenue_trap", { annualrevenue: "48000000000", plan_tier: null, arr: null }],
    ["trial", { account_status: "Trial", is_poc: "false" }],
    ["poc", { account_status: "Trial", is_poc: "true" }],
    ["on_hold", { account_status: "Unpaid" }],
    ["past_due", { account_status: "Late" }],
    ["standalone", { billing_standalone: "true" }],
    ["renewal_open", { renewal_open: "true" }],
    ["free_mail", { domain: "gmail.com" }],
    ["no_domain", { domain: null }],
    ["addon_unknown", { support_addons: "GOLD-CARE" }],
    ["addon_wrong_plan", { plan_tier: "Pro", support_addons: "ENT-SUPPORT" }],
    ["addon_tam_left", { support_tam: OWNER_IDS.tamLeft }],
    ["nothing_known", { plan_tier: null, arr: null, contract_end_date: null }],
  ];

  test.each(cases)("%s is there with the facts that make its point", (role, shows) => {
    expect(playing(small(), role).properties).toMatchObject(shows);
  });

  test("has contract dates on the right side of the day, whatever the day", () => {
    const ends = (role: string) => daysLeft(playing(small(), role).properties.contract_end_date);
    expect(ends("lapsed_in_grace")).toBe(-5);
    expect(ends("renewal_open")).toBe(-21);
    expect(ends("lapsed")).toBe(-60);
    expect(ends("cancelled_paid")).toBe(45);
    expect(daysLeft(playing(small(), "not_started").properties.contract_start_date)).toBe(21);
    expect(daysLeft(playing(small(), "poc").properties.trial_end_date)).toBe(20);
    const { contract_start_date: start, contract_end_date: end } = playing(
      small(),
      "dates_inverted",
    ).properties;
    expect(daysLeft(start)).toBeGreaterThan(daysLeft(end));
  });

  test("has a plan only a careful reader maps, and two companies that claim one domain", () => {
    expect(playing(small(), "plan_messy").properties.plan_tier).toMatch(/^\s.*;.*\s{2}/);
    const domains = ["same_domain_us", "same_domain_eu"].map(
      (role) => playing(small(), role).properties.domain,
    );
    expect(new Set(domains).size).toBe(1);
  });

  test("has families: a subsidiary without a plan, a franchise, and two whose ARR adds up", () => {
    const parentOf = (role: string) => playing(small(), role).properties.hs_parent_company_id;
    expect(parentOf("subsidiary")).toBe(playing(small(), "parent").id);
    expect(parentOf("standalone")).toBe(playing(small(), "parent").id);
    expect(parentOf("family_member")).toBe(playing(small(), "family_head").id);
    expect(playing(small(), "subsidiary").properties.plan_tier).toBeNull();
  });

  test("has a name that breaks careless tables, pages and spreadsheets", () => {
    const { name } = playing(small(), "hostile_name").properties;
    for (const part of ["'", '"', "<img", "&", "🚀", ";--"]) expect(name).toContain(part);
    expect(name?.startsWith("=")).toBe(true);
  });

  test("links organizations in every way: bare id, prefixed in odd case, by domain, and not at all", () => {
    const data = small();
    const links = data.organizations.map((row) => row.externalId ?? "none");
    expect(links.some((link) => /^\d+$/.test(link))).toBe(true);
    expect(links.some((link) => link.startsWith("hubspot:"))).toBe(true);
    expect(links.some((link) => link.startsWith("HubSpot:"))).toBe(true);
    expect(links).toContain("none");
    expect(data.organizations.filter((row) => row.companyId === null).length).toBeGreaterThan(0);
    expect(data.organizations.filter((row) => row.companyId === playing(data, "addon_tam").id)).toHaveLength(
      2,
    );
  });

  test("has owners whose id is not their user id, one of whom has left on both sides", () => {
    const data = small();
    for (const owner of data.owners) expect(owner.id).not.toBe(owner.userId);
    const left = data.owners.find((owner) => owner.archived);
    expect(left?.id).toBe(OWNER_IDS.tamLeft);
    expect(data.agents.find((agent) => agent.email === left?.email)?.active).toBe(false);
  });
});

describe("the demo's tickets", () => {
  const script = () => demoTickets(small());
  const ticket = (key: string) => script().find((row) => row.key === key);

  test("come from people of the data set", () => {
    const people = new Set([...small().users, ...small().agents].map((row) => row.email));
    for (const { requester } of script()) expect(people).toContain(requester);
  });

  test("show every kind of rewrite once", () => {
    const keys = script().map((row) => row.key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toEqual(
      expect.arrayContaining([
        ...["addon_default", "keyword_raise", "keyword_negated", "keyword_quoted", "vip_step", "agent_kept"],
        ...["ceiling", "floor", "automation_kept", "inherited", "standalone", "on_hold", "trial"],
        ...["billing_form", "assigned", "sub_domain", "forged_sender", "free_mail", "ambiguous_domain"],
        ...["unmatched", "internal", "skip_tag", "closed_first", "deleted_first", "after_hours"],
      ]),
    );
  });

  test("say who set the priority wherever there is one, and nobody where there is none", () => {
    for (const { priority, prioritySetBy } of script())
      expect(prioritySetBy === "none").toBe(priority === null);
  });

  test("carry the facts their point rests on", () => {
    const { users } = small();
    const [vipKey, forgedKey] = [ticket("vip_step")?.requester, ticket("forged_sender")?.requester];
    const vip = users.find((user) => user.email === vipKey);
    const forged = users.find((user) => user.email === forgedKey);
    expect(vip?.vip).toBe(true);
    expect(forged?.verified).toBe(false);
    expect(ticket("sub_domain")).toMatchObject({ organization: null });
    expect(ticket("closed_first")?.fate).toBe("closed");
    expect(ticket("deleted_first")?.fate).toBe("deleted");
  });

  test("lie in the past in the order of the script; the after-hours one on a Sunday", () => {
    const times = script()
      .filter((row) => row.key !== "after_hours")
      .map((row) => row.createdAt);
    expect(times).toEqual([...times].sort((left, right) => left - right));
    for (const at of times) expect(at).toBeLessThan(AS_OF);
    const sunday = ticket("after_hours")?.createdAt ?? Number.NaN;
    expect(new Date(sunday).getUTCDay()).toBe(0);
    expect(AS_OF - sunday).toBeLessThanOrEqual(7 * DAY_MS);
  });
});

describe("dice", () => {
  test("fall evenly and stay within their bounds", () => {
    const draw = dice(42);
    const counts = Array.from({ length: 6 }, () => 0);
    for (let roll = 0; roll < 60_000; roll += 1) {
      const face = draw.int(1, 6);
      counts[face - 1] = (counts[face - 1] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  test("refuse to pick from nothing", () => {
    expect(() => dice(1).pick([])).toThrow(RangeError);
  });
});

describe("the data set in the CRM sandbox", () => {
  test("fits its property definitions, and every company can be read back", async () => {
    const data = small();
    const crm = await startHubspotSandbox({
      companies: data.companies,
      owners: data.owners,
      now: () => AS_OF,
    });
    try {
      const definitions = new Map(crm.state.properties().map((property) => [property.name, property]));
      for (const { id, properties } of crm.state.companies())
        for (const [name, value] of Object.entries(properties)) {
          const options = definitions.get(name)?.options.map((option) => option.value);
          if (options === undefined) throw new Error(`the CRM has no property ${name}`);
          if (value !== null && options.length > 0)
            expect([id, name, options]).toEqual([id, name, expect.arrayContaining([value])]);
        }
      const answer = await fetch(`${crm.url}/crm/objects/2026-09/companies?limit=100`, {
        headers: { Authorization: `Bearer ${crm.token}` },
      });
      const { results } = (await answer.json()) as { readonly results: readonly unknown[] };
      expect(results).toHaveLength(100);
    } finally {
      await crm.close();
    }
  });
});
