/** What the Zendesk sandbox remembers: one immutable record per object, ids as text (they may exceed 2^53). Types only. */
import type { Priority } from "../policy/model.ts";

/** Any JSON object as it came over the wire. */
export type Json = Readonly<Record<string, unknown>>;

export interface UserRecord {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: "end-user" | "agent" | "admin";
  readonly verified: boolean;
  readonly suspended: boolean;
  readonly active: boolean;
  readonly organizationId: string | null;
  /** Every organization, the default one included. */
  readonly organizationIds: readonly string[];
  readonly groupIds: readonly string[];
  readonly defaultGroupId: string | null;
  readonly externalId: string | null;
  readonly tags: readonly string[];
  readonly userFields: Json;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface GroupRecord {
  readonly id: string;
  readonly name: string;
  readonly deleted: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A choice of a drop-down field. `value` is the tag. */
export interface FieldOption {
  readonly id: string;
  readonly name: string;
  readonly value: string;
}

/** A ticket or organization field. Organization fields are known by `key`, ticket fields by id. */
export interface FieldRecord {
  readonly id: string;
  readonly key: string;
  readonly title: string;
  readonly description: string;
  /** `tagger` (ticket) and `dropdown` (organization) carry options. */
  readonly type: string;
  readonly active: boolean;
  readonly options: readonly FieldOption[];
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A brand or a ticket form: a thing with a name. */
export interface NamedRecord {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
  readonly isDefault: boolean;
}

export interface OrganizationRecord {
  readonly id: string;
  readonly name: string;
  readonly externalId: string | null;
  readonly domainNames: readonly string[];
  readonly groupId: string | null;
  readonly tags: readonly string[];
  readonly fields: Json;
  readonly notes: string | null;
  readonly details: string | null;
  readonly deletedAt: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface CommentRecord {
  readonly id: string;
  readonly authorId: string;
  readonly fromEndUser: boolean;
  readonly public: boolean;
  readonly body: string;
  readonly at: number;
}

/** One event of an audit, in Zendesk's own shape. */
export type AuditEvent = Json & { readonly type: string };

export interface AuditRecord {
  readonly id: string;
  readonly ticketId: string;
  readonly authorId: string;
  readonly at: number;
  readonly via: Json;
  readonly custom: Json;
  readonly events: readonly AuditEvent[];
}

/** The SLA policy in force on a ticket and its targets. */
export interface AppliedSla {
  readonly policyId: string;
  readonly targets: readonly PolicyMetric[];
}

export interface TicketRecord {
  readonly id: string;
  readonly subject: string;
  readonly description: string;
  readonly status: string;
  readonly priority: Priority | null;
  readonly type: string | null;
  readonly requesterId: string;
  readonly submitterId: string;
  readonly assigneeId: string | null;
  readonly groupId: string | null;
  readonly organizationId: string | null;
  readonly brandId: string | null;
  readonly formId: string | null;
  readonly externalId: string | null;
  readonly channel: string;
  readonly recipient: string | null;
  readonly tags: readonly string[];
  /** Ticket field id → value (drop-downs: the option's tag). */
  readonly customFields: Json;
  readonly followerIds: readonly string[];
  /** Set by a trigger; null = the account's first schedule. */
  readonly scheduleId: string | null;
  readonly comments: readonly CommentRecord[];
  /** Every status the ticket had, oldest first. */
  readonly statusHistory: readonly { readonly at: number; readonly status: string }[];
  readonly sla: AppliedSla | null;
  readonly deleted: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

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

export interface TriggerRecord {
  readonly id: string;
  readonly title: string;
  readonly description: string | null;
  readonly active: boolean;
  readonly position: number;
  readonly categoryId: string | null;
  readonly conditions: Conditions;
  readonly actions: readonly { readonly field: string; readonly value: unknown }[];
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
  readonly metricSettings: Json;
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

/** One row of the metric-events export. */
export interface MetricEventRecord {
  readonly id: string;
  readonly ticketId: string;
  readonly metric: string;
  readonly instanceId: number;
  readonly type: string;
  readonly at: number;
  readonly deleted: boolean;
  readonly sla: { readonly policyId: string; readonly target: PolicyMetric } | null;
}

export interface WebhookRecord {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly status: "active" | "inactive";
  readonly endpoint: string;
  readonly httpMethod: string;
  readonly requestFormat: string;
  /** `["conditional_ticket_events"]` = fired by triggers. */
  readonly subscriptions: readonly string[];
  readonly authentication: Json | null;
  readonly customHeaders: Readonly<Record<string, string>>;
  readonly secret: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly createdBy: string;
}

export interface AttemptRecord {
  readonly statusCode: number | null;
  readonly status: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseBody: string;
  readonly at: number;
}

/** One call of a webhook, with every try. */
export interface InvocationRecord {
  readonly id: string;
  readonly webhookId: string;
  /** `zen:event-type:…` or `trigger`. */
  readonly event: string;
  readonly ticketId: string | null;
  readonly payload: string;
  readonly status: string;
  readonly statusCode: number | null;
  readonly createdAt: number;
  readonly attempts: readonly AttemptRecord[];
}

export interface JobRecord {
  readonly id: string;
  readonly total: number;
  readonly dueAt: number;
  /** null = not run yet. */
  readonly results: readonly Json[] | null;
  readonly polls: number;
  readonly createdAt: number;
  readonly run: () => readonly Json[];
}

/** Everything the sandbox remembers, for tests to look at. Maps keep creation order. */
export interface ZendeskState {
  readonly users: Map<string, UserRecord>;
  readonly groups: Map<string, GroupRecord>;
  readonly brands: Map<string, NamedRecord>;
  readonly forms: Map<string, NamedRecord>;
  readonly ticketFields: Map<string, FieldRecord>;
  readonly organizationFields: Map<string, FieldRecord>;
  readonly userFields: Map<string, FieldRecord>;
  readonly organizations: Map<string, OrganizationRecord>;
  readonly tickets: Map<string, TicketRecord>;
  /** Ticket id → audits, oldest first. */
  readonly audits: Map<string, AuditRecord[]>;
  readonly triggers: Map<string, TriggerRecord>;
  readonly categories: Map<string, CategoryRecord>;
  readonly slaPolicies: Map<string, SlaPolicyRecord>;
  readonly schedules: Map<string, ScheduleRecord>;
  /** Ticket id → metric events. */
  readonly metricEvents: Map<string, readonly MetricEventRecord[]>;
  readonly webhooks: Map<string, WebhookRecord>;
  readonly invocations: Map<string, InvocationRecord>;
  readonly jobs: Map<string, JobRecord>;
}
