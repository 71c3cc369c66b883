/** How the help desk is set up around us: what `check` looks at and nothing else needs. Types only. */
import type { Instant } from "../policy/model.ts";

/** A condition as the desk writes it; `value` as text, several values separated by a space. */
export interface DeskCondition {
  readonly field: string;
  readonly operator: string;
  readonly value: string;
}

/** All of `all` and, unless it is empty, one of `any`. Both empty = everything. */
export interface DeskConditions {
  readonly all: readonly DeskCondition[];
  readonly any: readonly DeskCondition[];
}

/** A custom field of tickets, organizations or users. `key` is "" for ticket fields. */
export interface DeskField {
  readonly id: string;
  readonly key: string;
  readonly title: string;
  readonly type: string;
  readonly active: boolean;
  /** Values of a drop-down. */
  readonly options: readonly string[];
}

/** An SLA policy; the first one whose filter fits a ticket is applied. */
export interface DeskSlaPolicy {
  readonly id: string;
  readonly title: string;
  /** Absent = not read. */
  readonly description?: string;
  readonly position: number;
  readonly filter: DeskConditions;
  readonly targets: readonly {
    readonly metric: string;
    readonly priority: string;
    readonly minutes: number;
    readonly businessHours: boolean;
  }[];
}

/** Where the desk tells the outside what happened. */
export interface DeskWebhook {
  readonly id: string;
  readonly name: string;
  readonly endpoint: string;
  readonly active: boolean;
  /** POST with JSON, the only form we read. */
  readonly readable: boolean;
  /** Fired by triggers; otherwise by the events in `events`. */
  readonly byTrigger: boolean;
  readonly events: readonly string[];
}

/** A rule that runs when a ticket is created or changed, in ascending `position`. */
export interface DeskTrigger {
  readonly id: string;
  readonly title: string;
  readonly active: boolean;
  readonly position: number;
  readonly conditions: DeskConditions;
  /** Names of what its actions set: `priority`, `group_id`, … */
  readonly sets: readonly string[];
  /** Ids of webhooks it calls. */
  readonly calls: readonly string[];
}

/** null = the account has no such thing, or our user may not read it. */
export interface DeskSetup {
  readonly organizationFields: readonly DeskField[];
  readonly ticketFields: readonly DeskField[];
  readonly userFields: readonly DeskField[] | null;
  readonly slaPolicies: readonly DeskSlaPolicy[] | null;
  readonly webhooks: readonly DeskWebhook[] | null;
  readonly triggers: readonly DeskTrigger[] | null;
}

/** One call of a webhook, as the desk remembers it. */
export interface DeskInvocation {
  readonly id: string;
  readonly status: string;
  /** null = nothing was sent, or nobody answered. */
  readonly statusCode: number | null;
  readonly at: Instant | null;
}

/** The desk's own clock and what is left of its limits, from one answer. */
export interface DeskPulse {
  /** The desk's clock minus ours, ms, to the second; null = it does not tell the time. */
  readonly aheadMs: number | null;
  readonly budgets: readonly { readonly name: string; readonly limit: number; readonly remaining: number }[];
}
