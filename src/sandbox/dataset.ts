/**
 * A realistic data set for the sandboxes: the same seed and day give the same data, on any machine.
 *
 * Plain facts only: what a company bought, who writes tickets. Which tier follows from it is the policy's business.
 */
import type { Instant } from "../policy/model.ts";
import { castCompanies } from "./dataset-cast.ts";
import { companyMaker } from "./dataset-companies.ts";
import { castDeals, castLineItems } from "./dataset-deals.ts";
import type { Dataset, DatasetCompany } from "./dataset-model.ts";
import { looseUsers, organizations, usersOf } from "./dataset-organizations.ts";
import { agents, GROUPS, owners } from "./dataset-people.ts";
import { ticketTemplates } from "./dataset-tickets.ts";

export type {
  CompanyProperties,
  CompanyProperty,
  Dataset,
  DatasetAgent,
  DatasetCompany,
  DatasetDeal,
  DatasetLineItem,
  DatasetOrganization,
  DatasetOwner,
  DatasetUser,
  DemoTicket,
  TicketTemplate,
} from "./dataset-model.ts";
export { demoTickets } from "./dataset-tickets.ts";

/** What the data set is made from. `companies` counts the curated cast in; fewer than the cast gives the cast alone. */
export interface DatasetOptions {
  readonly seed: number;
  /** The day the data is for; contract dates are relative to it. */
  readonly asOf: Instant;
  readonly companies: number;
}

/** The whole data set in memory: about 1 kB a company. For a million companies stream `datasetCompanies`. */
export function dataset(options: DatasetOptions): Dataset {
  const { seed, asOf } = options;
  const companies = [...datasetCompanies(options)];
  const cast = new Set(companies.filter((company) => company.role !== null).map((company) => company.id));
  const desks = organizations(companies, seed);
  return {
    seed,
    asOf,
    companies,
    owners: owners(),
    deals: castDeals(companies, asOf),
    lineItems: castLineItems(asOf),
    organizations: desks,
    users: [...desks.flatMap((desk) => usersOf(desk, cast.has(desk.companyId ?? ""), seed)), ...looseUsers()],
    agents: agents(),
    groups: GROUPS,
    ticketTemplates: ticketTemplates(),
  };
}

/** The companies one by one: the cast first, then generated ones. */
export function* datasetCompanies({ seed, asOf, companies }: DatasetOptions): Generator<DatasetCompany> {
  const cast = castCompanies(asOf);
  yield* cast;
  const make = companyMaker(seed, asOf);
  for (let index = 0; index < companies - cast.length; index += 1) yield make(index);
}
