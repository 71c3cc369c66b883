/** A desk on a running sandbox, with one clock for both that moves only when told. */
import { openZendesk, type ZendeskDesk, type ZendeskOptions } from "../../connectors/zendesk/index.ts";
import type { NewOrganization } from "../../src/ports.ts";
import {
  type ZendeskOptions as SandboxOptions,
  startZendeskSandbox,
  type ZendeskSandbox,
  type ZendeskSeed,
} from "../../src/sandbox/zendesk.ts";
import { deskSettings, notingPacer, TIER_TAGS } from "./zendesk-kit.ts";

export const signal = new AbortController().signal;

const SEED: ZendeskSeed = {
  groups: [{ id: 10, name: "Support" }],
  organization_fields: [
    {
      id: 51,
      key: "ps_tier",
      type: "dropdown",
      title: "Tier",
      custom_field_options: TIER_TAGS.map((value) => ({ name: value, value })),
    },
    { id: 52, key: "ps_account", type: "text", title: "Account" },
  ],
  organizations: [
    { id: 700, name: "Customer Ltd", domain_names: ["customer.example"], external_id: "CRM-9" },
    { id: 701, name: "Other Ltd" },
  ],
  users: [
    { id: 900, email: "jane@customer.example", organization_id: 701, organization_ids: [701, 700] },
    { id: 901, email: "ann@acme.example", role: "agent", group_ids: [10] },
    { id: 902, email: "left@acme.example", role: "agent", suspended: true },
  ],
};

export interface RunningDesk {
  readonly desk: ZendeskDesk;
  readonly sandbox: ZendeskSandbox;
  readonly reports: readonly string[];
  /** Time passes for both sides. */
  pass(ms: number): void;
  now(): number;
}

/** Runs `work` on a fresh sandbox and ends it. */
export async function onDesk(
  work: (running: RunningDesk) => Promise<void>,
  sandboxOptions: SandboxOptions = {},
  deskOptions: Partial<ZendeskOptions> = {},
): Promise<void> {
  const clock = { at: Date.parse("2026-11-22T12:00:00Z") };
  const now = (): number => clock.at;
  const sandbox = await startZendeskSandbox({ seed: SEED, now, ...sandboxOptions });
  clock.at += 5 * 60_000;
  const reports: string[] = [];
  const desk = openZendesk({
    url: sandbox.url,
    credentials: () => ({ email: sandbox.agentEmail, apiToken: sandbox.apiToken }),
    prefix: "ps_",
    tierTags: TIER_TAGS,
    desk: deskSettings,
    pacer: notingPacer(),
    now,
    sleep: async (ms) => {
      clock.at += ms;
    },
    report: (message) => void reports.push(message),
    ...deskOptions,
  });
  const pass = (ms: number): void => {
    clock.at += ms;
  };
  try {
    await work({ desk, sandbox, reports, pass, now });
  } finally {
    await sandbox.close();
  }
}

/** An organization to be made for an account. */
export function wanted(id: string, over: Partial<NewOrganization> = {}): NewOrganization {
  return { id, name: `Company ${id}`, externalId: id, domains: [], fields: {}, ...over };
}
