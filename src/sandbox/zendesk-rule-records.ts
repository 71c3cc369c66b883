/** What the Zendesk sandbox remembers of rules: triggers, SLA policies, schedules, views, macros and queues. Types only. */
import type { Priority } from "../policy/model.ts";

/** A condition of a trigger or of an SLA filter. */
export interface Condition {
  readonly field: string;
  readonly operator: string;
  readonly value?: unknown;
}

export interface Conditions {
  readonly all: readonly Condition[];
  readonly any: readonly Condition[];
}

/** What a trigger or a macro does to a ticket. */
export interface Action {
  readonly field: string;
  readonly value: unknown;
}

export interface TriggerRecord {
  readonly id: string;
  readonly title: string;
  readonly description: string | null;
  readonly active: boolean;
  readonly position: number;
  readonly categoryId: string | null;
  readonly conditions: Conditions;
  readonly actions: readonly Action[];
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface CategoryRecord {
  readonly id: string;
  readonly name: string;
  readonly position: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** One target: minutes for a metric at a priority. */
export interface PolicyMetric {
  readonly priority: Priority;
  readonly metric: string;
  readonly target: number;
  readonly businessHours: boolean;
}

export interface SlaPolicyRecord {
  readonly id: string;
  readonly title: string;
  readonly description: string | null;
  readonly position: number;
  readonly filter: Conditions;
  readonly metrics: readonly PolicyMetric[];
  readonly metricSettings: Readonly<Record<string, unknown>>;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface ScheduleRecord {
  readonly id: string;
  readonly name: string;
  /** A Rails name, `Eastern Time (US & Canada)`. */
  readonly timeZone: string;
  /** Minutes since Sunday 00:00 local. */
  readonly intervals: readonly { readonly start: number; readonly end: number }[];
  readonly holidays: readonly HolidayRecord[];
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Closed from the first to the last day, both included, `YYYY-MM-DD`. */
export interface HolidayRecord {
  readonly id: string;
  readonly name: string;
  readonly startDate: string;
  readonly endDate: string;
}

/** A shared list of tickets for agents. */
export interface ViewRecord {
  readonly id: string;
  readonly title: string;
  readonly description: string | null;
  readonly active: boolean;
  readonly position: number;
  readonly conditions: Conditions;
  /** What was sent as `output`: columns, grouping, sorting. */
  readonly output: Readonly<Record<string, unknown>>;
  /** null = every agent sees it. */
  readonly restriction: unknown;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A set of actions that an agent applies by hand. */
export interface MacroRecord {
  readonly id: string;
  readonly title: string;
  readonly description: string | null;
  readonly active: boolean;
  readonly position: number;
  readonly actions: readonly Action[];
  readonly restriction: unknown;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A custom queue of omnichannel routing: the first one that fits a ticket routes it, whatever its group. */
export interface QueueRecord {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly priority: number;
  readonly order: number;
  readonly definition: Conditions;
  readonly primaryGroupIds: readonly string[];
  readonly secondaryGroupIds: readonly string[];
  readonly createdAt: number;
  readonly updatedAt: number;
}
