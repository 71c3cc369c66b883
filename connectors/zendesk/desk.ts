/** Zendesk as the help desk of the core: every promise of `Desk`, kept by the files beside this one. */
import type { DeskSettings } from "../../src/policy/model.ts";
import type { Desk, DeskInsight, Pacer, TestTickets } from "../../src/ports.ts";
import type { Fetch } from "../http.ts";
import { type Credentials, openClient } from "./client.ts";
import { createdTickets } from "./created-tickets.ts";
import { viewAccount } from "./describe.ts";
import { insightOf } from "./insight.ts";
import { openTickets, openTicketsOf } from "./open-tickets.ts";
import { createOrganizations } from "./organization-creation.ts";
import { writeOrganizations } from "./organization-writing.ts";
import { exportOrganizations, readOrganizations } from "./organizations.ts";
import { agentByEmail, organizationsOf } from "./people.ts";
import { inspect, invocationsOf, pulse, signsWith } from "./setup.ts";
import { testTickets } from "./test-tickets.ts";
import { writeTickets } from "./ticket-batches.ts";
import { isVerified, readHistory } from "./ticket-history.ts";
import { readSlas, readTicket, readTickets } from "./ticket-reading.ts";
import { writeTicket } from "./ticket-writing.ts";

export interface ZendeskOptions {
  /** `https://acme.zendesk.com`, without a path. */
  readonly url: string;
  /** Asked before every call: tokens rotate without a restart. */
  readonly credentials: () => Credentials;
  /** The policy's prefix, `ps_`: only fields that begin with it are read and written. */
  readonly prefix: string;
  /** Tags of all tiers (`ps_tier_enterprise`): the drop-down that has them as options is the tier field. */
  readonly tierTags: readonly string[];
  readonly desk: DeskSettings;
  readonly pacer: Pacer;
  readonly now: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly fetch?: Fetch;
  /** Impact values of the policy, in small letters; absent = an option's value counts, never its name. */
  readonly impactKeys?: readonly string[];
  /** Is told, in one sentence, what was odd and did no harm. */
  readonly report?: (message: string) => void;
}

/** The help desk, what it tells of its own rules and clocks, and tickets made for a test. */
export type ZendeskDesk = Desk & { readonly insight: DeskInsight; readonly testTickets: TestTickets };

/** The help desk behind `options.url`. Nothing is sent until a method is called. */
export function openZendesk(options: ZendeskOptions): ZendeskDesk {
  const { desk, prefix, tierTags, now, sleep } = options;
  const client = openClient(options);
  const account = viewAccount({ client, now, impactField: desk.impactField, tierTags });
  const reading = { client, account, desk, prefix, impactKeys: options.impactKeys ?? [] };
  return {
    name: "zendesk",
    describe: account.describe,
    readTicket: (id, lane) => readTicket(reading, id, lane),
    readTickets: (ids, lane) => readTickets(reading, ids, lane),
    readHistory: (id, lane) => readHistory({ client, account }, id, lane),
    isVerified: (requesterId, lane) => isVerified(client, requesterId, lane),
    writeTicket: (ticket, change, decisionId, lane, before) =>
      writeTicket({ client, account, prefix }, ticket, change, decisionId, lane, before),
    writeTickets: (rows, signal) => writeTickets({ ...reading, sleep, signal, lane: "live" }, rows),
    readSlas: (ticketIds, lane) => readSlas(client, ticketIds, lane),
    organizations: (cursor, signal) =>
      exportOrganizations({ client, prefix, now, sawFields: account.sawOrganizationFields }, cursor, signal),
    readOrganizations: (ids, signal) => readOrganizations({ client, prefix }, ids, signal),
    writeOrganizations: (rows, signal) =>
      writeOrganizations({ client, account, prefix, sleep, signal, lane: "tier_change" }, rows),
    createOrganizations: (rows, signal) =>
      createOrganizations({ client, account, prefix, sleep, signal, lane: "tier_change" }, rows),
    organizationsOf: (userId, lane) => organizationsOf(client, userId, lane),
    createdSince: (cursor, signal) => createdTickets({ client, now }, cursor, signal),
    openTicketsOf: (organizationId, signal) => openTicketsOf(client, organizationId, signal),
    openTickets: (before, signal) => openTickets(client, before, signal),
    inspect: () => inspect(client),
    invocations: (webhookId) => invocationsOf(client, webhookId),
    signsWith: (webhookId, secrets) => signsWith(client, webhookId, secrets),
    pulse: () => pulse(client, now),
    agentByEmail: (email) => agentByEmail(client, email),
    calls: client.calls,
    insight: insightOf(client, now),
    testTickets: testTickets(client),
  };
}
