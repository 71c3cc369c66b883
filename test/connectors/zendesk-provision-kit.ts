/** The provisioning side on a running sandbox, or on an address that nock answers for. */
import { openProvisioning } from "../../connectors/zendesk/index.ts";
import type { ProvisionFields, ProvisionKind } from "../../src/ports.ts";
import {
  type ZendeskOptions as SandboxOptions,
  startZendeskSandbox,
  type ZendeskSandbox,
} from "../../src/sandbox/zendesk.ts";
import { HOST, NOW, type NotingPacer, notingPacer } from "./zendesk-kit.ts";

export interface Provisioned {
  readonly desk: ReturnType<typeof openProvisioning>;
  readonly pacer: NotingPacer;
  readonly reports: readonly string[];
}

/** A provisioning side for any address, with a pacer that lets everything through. */
export function openAt(url: string, email = "admin@acme.example", apiToken = "token"): Provisioned {
  const pacer = notingPacer();
  const reports: string[] = [];
  const desk = openProvisioning({
    url,
    credentials: () => ({ email, apiToken }),
    pacer,
    now: () => NOW,
    report: (message) => void reports.push(message),
  });
  return { desk, pacer, reports };
}

/** On the address that nock answers for. */
export const openScripted = (): Provisioned => openAt(HOST);

const SEED = {
  groups: [
    { id: 10, name: "Support" },
    { id: 11, name: "Premier Support" },
    { id: 12, name: "Gone", deleted: true },
  ],
  brands: [{ id: 20, name: "Acme" }],
  ticket_forms: [{ id: 30, name: "Default" }],
  schedules: [
    { id: 40, name: "Office", time_zone: "UTC", intervals: [{ start_time: 1980, end_time: 2460 }] },
  ],
  users: [{ id: 90, email: "ann@acme.example", role: "agent", group_ids: [10] }],
};

/** Runs `work` on a fresh sandbox and ends it. */
export async function onSandbox(
  work: (running: Provisioned & { readonly sandbox: ZendeskSandbox }) => Promise<void>,
  options: SandboxOptions = {},
): Promise<void> {
  const sandbox = await startZendeskSandbox({ seed: SEED, ...options });
  try {
    await work({ ...openAt(sandbox.url, sandbox.agentEmail, sandbox.apiToken), sandbox });
  } finally {
    await sandbox.close();
  }
}

const conditions = {
  all: [
    { field: "status", operator: "less_than", value: "solved" },
    { field: "current_tags", operator: "includes", value: "ps_tier_pro ps_tier_enterprise" },
  ],
  any: [],
};
const actions = [
  { field: "priority", value: "high" },
  { field: "current_tags", value: "ps_native" },
];

/** One object of each kind as a plan would make it, and a change to it. `WEBHOOK` stands for a webhook's id. */
export const SAMPLES: {
  readonly [K in ProvisionKind]: {
    readonly fields: ProvisionFields<string>[K];
    readonly change: Partial<ProvisionFields<string>[K]>;
  };
} = {
  organization_field: {
    fields: {
      key: "ps_tier",
      title: "Support tier",
      type: "dropdown",
      description: "Set by priority support.",
      active: true,
      options: [
        { name: "Pro", tag: "ps_tier_pro" },
        { name: "Enterprise", tag: "ps_tier_enterprise" },
      ],
    },
    change: { title: "Tier", options: [{ name: "Professional", tag: "ps_tier_pro" }] },
  },
  ticket_field: {
    fields: {
      title: "Support tier",
      type: "tagger",
      description: "Set by priority support.",
      active: true,
      options: [{ name: "Pro", tag: "ps_tier_pro" }],
    },
    change: {
      description: "Do not edit.",
      options: [
        { name: "Pro", tag: "ps_tier_pro" },
        { name: "Enterprise", tag: "ps_tier_enterprise" },
      ],
    },
  },
  group: { fields: { name: "On Call", description: "" }, change: { description: "Nights." } },
  trigger_category: { fields: { name: "Priority support" }, change: { name: "Ours" } },
  webhook: {
    fields: {
      name: "Priority support",
      description: "Tells of new tickets.",
      endpoint: "https://support.acme.example/webhooks/zendesk",
      active: true,
      readable: true,
      firedBy: "triggers",
      events: [],
    },
    change: { active: false, endpoint: "https://other.acme.example/webhooks/zendesk" },
  },
  trigger: {
    fields: { title: "Pro at once", description: "Ours.", active: true, category: null, conditions, actions },
    change: { active: false, actions: actions.slice(1) },
  },
  sla_policy: {
    fields: {
      title: "Pro",
      description: "The promise to Pro.",
      filter: { all: conditions.all.slice(1), any: [] },
      targets: [
        { metric: "first_reply_time", priority: "urgent", minutes: 30, businessHours: false },
        { metric: "total_resolution_time", priority: "urgent", minutes: 480, businessHours: true },
      ],
    },
    change: {
      targets: [{ metric: "first_reply_time", priority: "urgent", minutes: 15, businessHours: false }],
    },
  },
  view: {
    fields: {
      title: "Pro",
      description: "Unsolved tickets of Pro.",
      active: true,
      conditions,
      columns: ["nice_id", "subject", "priority"],
      sortBy: "priority",
      sortOrder: "desc",
    },
    change: { columns: ["nice_id", "group"] },
  },
  macro: {
    fields: { title: "Escalate", description: "Keeps the clock running.", active: true, actions },
    change: { actions: actions.slice(0, 1) },
  },
  queue: {
    fields: {
      name: "Pro",
      description: "Sends tickets of Pro to Premier Support.",
      priority: 1,
      conditions: { all: conditions.all.slice(1), any: [] },
      primaryGroups: ["11"],
      secondaryGroups: ["10"],
    },
    change: { priority: 2, secondaryGroups: [] },
  },
};

/** Every kind. */
export const KINDS = Object.keys(SAMPLES) as readonly ProvisionKind[];
