/** What the Zendesk sandbox remembers: one immutable record per object, ids as text (they may exceed 2^53). Types only. */
import type { Priority } from "../policy/model.ts";
import type {
  CategoryRecord,
  MacroRecord,
  PolicyMetric,
  QueueRecord,
  ScheduleRecord,
  SlaPolicyRecord,
  TriggerRecord,
  ViewRecord,
} from "./zendesk-rule-records.ts";

export type * from "./zendesk-rule-records.ts";

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
  readonly description: string;
  /** A private group never becomes public again. */
  readonly isPublic: boolean;
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
  /** Ticket fields only: the text that agents see beside it. */
  readonly agentDescription?: string;
  /** `tagger` (ticket) and `dropdown` (organization) carry options. */
  readonly type: string;
  readonly active: boolean;
  readonly options: readonly FieldOption[];
  /** Checkboxes only: the tag that stands for "checked". */
  readonly tag?: string | null;
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
  /** Custom queue of omnichannel routing that took the ticket; null = none, the group field decides. */
  readonly queueId: string | null;
  readonly comments: readonly CommentRecord[];
  /** Every status the ticket had, oldest first. */
  readonly statusHistory: readonly { readonly at: number; readonly status: string }[];
  readonly sla: AppliedSla | null;
  /** The customer's rating; null = not rated. */
  readonly satisfaction: { readonly score: "good" | "bad"; readonly comment: string } | null;
  readonly deleted: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
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
  readonly views: Map<string, ViewRecord>;
  readonly macros: Map<string, MacroRecord>;
  readonly queues: Map<string, QueueRecord>;
  /** Ticket id → metric events. */
  readonly metricEvents: Map<string, readonly MetricEventRecord[]>;
  readonly webhooks: Map<string, WebhookRecord>;
  readonly invocations: Map<string, InvocationRecord>;
  readonly jobs: Map<string, JobRecord>;
}
