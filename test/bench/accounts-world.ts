/** The CRM with all its companies, and the help desk, in one process: what the accounts of a filled store came from. */
import { readFileSync } from "node:fs";
import type { Policy } from "../../src/policy/model.ts";
import { dataset, datasetCompanies } from "../../src/sandbox/dataset.ts";
import { dayFrom } from "../../src/sandbox/dataset-days.ts";
import { type HubspotSandbox, startHubspotSandbox } from "../../src/sandbox/hubspot.ts";
import { startZendeskSandbox, type ZendeskSandbox } from "../../src/sandbox/zendesk.ts";
import { deskSeed } from "../hand-made-desk.ts";
import { movedClock } from "./accounts-clock.ts";
import { answerWith } from "./answering.ts";
import { policyOfDemo } from "./figure-decide.ts";
import { changedAt, type Filling, rowMaker } from "./filling.ts";

interface World {
  readonly crm: HubspotSandbox;
  readonly desk: ZendeskSandbox;
  /** Record ids of the companies that may be changed, by number. */
  readonly ids: readonly string[];
}

interface Told extends Filling {
  readonly tiersFile: string;
  /** How many companies, the last of the cast first, can be changed: only their organizations are in the desk. */
  readonly changeable: number;
  /** Background jobs at once. */
  readonly jobs: number;
  readonly endpoint: string;
  readonly secret: string;
}

const clock = movedClock();
const made: World[] = [];
const HOURS_BEFORE = 2 * 3_600_000;

answerWith({
  start: async (told: Told) => {
    const policy = policyOfDemo();
    const cast = [...datasetCompanies({ ...told, companies: 0 })].length;
    const tiers = readFileSync(told.tiersFile, "utf8").split("\n");
    const crm = await startHubspotSandbox({
      companies: companiesOf(told, tiers),
      owners: dataset({ ...told, companies: 0 }).owners,
      now: clock.now,
    });
    const { ids, rows } = changeable(told, policy, cast);
    // What is in the desk was made before the store last looked.
    clock.move(-HOURS_BEFORE);
    const people = { ...dataset({ ...told, companies: 0 }), organizations: [], users: [] };
    const desk = await startZendeskSandbox({
      now: clock.now,
      jobPolls: 0,
      limits: { jobs: told.jobs },
      seed: { ...deskSeed(policy, people, told.endpoint, told.secret), organizations: rows },
    });
    clock.move(HOURS_BEFORE);
    made.push({ crm, desk, ids });
    return {
      ZENDESK_URL: desk.url,
      ZENDESK_EMAIL: desk.agentEmail,
      ZENDESK_API_TOKEN: desk.apiToken,
      HUBSPOT_URL: crm.url,
      HUBSPOT_ACCESS_TOKEN: crm.token,
    };
  },
  move: (ms: number) => clock.move(ms),
  change: ({
    from,
    count,
    step,
  }: {
    readonly from: number;
    readonly count: number;
    readonly step: number;
  }) => {
    const { crm, ids } = world();
    for (let i = from; i < from + count; i += 1) crm.setCompany(ids[i] ?? "", changeOf(i, step));
  },
  calls: () => ({ crm: world().crm.calls(), desk: world().desk.calls() }),
});

function world(): World {
  const [only] = made;
  if (only === undefined) throw new Error("not started");
  return only;
}

function* companiesOf(told: Told, tiers: readonly string[]) {
  let index = 0;
  for (const { id, properties } of datasetCompanies(told)) {
    yield {
      id,
      properties: { ...properties, support_tier: tiers[index] ?? null },
      updatedAt: changedAt(told.asOf, index),
    };
    index += 1;
  }
}

/** The first generated companies, and their organizations as the store believes them to be. */
function changeable(told: Told, policy: Policy, cast: number) {
  const maker = rowMaker(policy, told);
  const ids: string[] = [];
  const rows: Record<string, unknown>[] = [];
  let index = 0;
  for (const company of datasetCompanies(told)) {
    if (ids.length === told.changeable) break;
    if (index >= cast) {
      const { id, name, domains, externalId, fields } = maker(company, index).organization;
      ids.push(company.id);
      rows.push({ id, name, domain_names: domains, external_id: externalId, organization_fields: fields });
    }
    index += 1;
  }
  return { ids, rows };
}

/** In turn: a better plan (organization and label differ), a later end (organization only), something nobody maps. */
function changeOf(index: number, step: number): Readonly<Record<string, string>> {
  if (index % 3 === 0) return { plan_tier: step % 2 === 0 ? "Enterprise" : "enterprise plus" };
  if (index % 3 === 1) return { contract_end_date: dayFrom(clock.now(), 600 + step) };
  return { annualrevenue: String(1_000_000 + step) };
}
