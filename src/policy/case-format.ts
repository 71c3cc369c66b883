/** Decision cases as JSON, `decision-cases/1`: read one, write what was decided. */
import { Big } from "big.js";
import { z } from "zod";
import { instantText } from "./dates.ts";
import type { Account, Decision, HeldState, Instant, Override, Policy, Situation } from "./model.ts";

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? null);

const id = z.union([z.string(), z.number()]).transform(String);

const optionalId = id.nullish().transform((value) => value ?? null);

const yesNo = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);

const instant = z.iso.datetime({ offset: true }).transform((value) => Date.parse(value));

const optionalInstant = instant.nullish().transform((value) => value ?? null);

const date = z.iso
  .date()
  .nullish()
  .transform((value) => value ?? null);

const decimalText = z.union([z.number(), z.string()]).transform((value, context) => {
  try {
    return new Big(value).toFixed();
  } catch {
    context.addIssue("not a decimal number");
    return z.NEVER;
  }
});

const money = z.object({ amount: decimalText, currency: text });

const addonLine = z.object({
  sku: z.string(),
  start: date,
  end: date,
  scope: z.enum(["account", "family"]).default("account"),
});

const accountSchema = z
  .object({
    id: id.optional(),
    name: text,
    plan: text,
    arr: money.nullish(),
    status: z.enum(["active", "trial", "on_hold", "past_due", "cancelled"]).default("active"),
    contract_start: date,
    contract_end: date,
    renewal_in_progress: yesNo,
    addons: z.array(addonLine).nullish(),
    parent_id: optionalId,
    standalone: yesNo,
    trial: z.object({ poc: yesNo, end: date }).nullish(),
    tam: z.object({ agent: id, active: z.boolean().default(true) }).nullish(),
    domains: z.array(z.string()).nullish(),
    synced_at: optionalInstant,
    gone_on: date,
    unreadable: z.array(z.string()).nullish(),
  })
  .transform((raw) => ({
    id: raw.id ?? null,
    name: raw.name,
    plan: raw.plan,
    arr: raw.arr ?? null,
    status: raw.status,
    contractStart: raw.contract_start,
    contractEnd: raw.contract_end,
    renewalInProgress: raw.renewal_in_progress,
    addons: raw.addons ?? [],
    parentId: raw.parent_id,
    standalone: raw.standalone,
    trial: raw.trial ?? null,
    tam: raw.tam ?? null,
    domains: raw.domains ?? [],
    syncedAt: raw.synced_at,
    goneOn: raw.gone_on,
    unreadable: raw.unreadable ?? [],
  }));

const heldSchema = z
  .object({
    tier: text,
    basis: z
      .enum(["addon", "plan", "arr", "parent", "trial", "default", "held", "gate", "override"])
      .nullish(),
    lower_since: optionalInstant,
    waitlisted: z.array(z.string()).nullish(),
  })
  .transform(
    (raw): HeldState => ({
      tier: raw.tier,
      basis: raw.basis ?? null,
      lowerSince: raw.lower_since,
      waitlisted: raw.waitlisted ?? [],
    }),
  );

const overrideSchema = z
  .object({
    id,
    account_id: id,
    kind: z.enum(["pin", "floor", "cap"]),
    tier: z.string(),
    reason: z.string().default(""),
    approved_by: z.string().default(""),
    created_at: instant,
    starts_at: optionalInstant,
    expires_at: optionalInstant,
  })
  .transform(
    (raw): Override => ({
      id: raw.id,
      accountId: raw.account_id,
      kind: raw.kind,
      tier: raw.tier,
      reason: raw.reason,
      approvedBy: raw.approved_by,
      createdAt: raw.created_at,
      startsAt: raw.starts_at,
      expiresAt: raw.expires_at,
    }),
  );

const requesterSchema = z
  .object({
    email: text,
    role: z.string().default("end-user"),
    vip: yesNo,
    verified: z.boolean().nullish(),
  })
  .transform(({ email, role, vip, verified }) => ({ email, role, vip, verified: verified ?? true }));

const ticketSchema = z
  .object({
    id,
    created_at: instant,
    subject: text,
    description: text,
    // Blank counts as not set, however the sender writes "blank".
    priority: z.enum(["low", "normal", "high", "urgent", ""]).nullish(),
    priority_set_by: z.enum(["none", "agent", "requester", "automation"]).default("none"),
    impact: text,
    group: text,
    assignee: optionalId,
    form: text,
    channel: z.string().default(""),
    status: z.string().default("new"),
    tags: z.array(z.string()).nullish(),
    organization_id: optionalId,
    requester: requesterSchema,
  })
  .transform((raw) => ({
    id: raw.id,
    createdAt: raw.created_at,
    status: raw.status,
    subject: raw.subject ?? "",
    description: raw.description ?? "",
    priority: raw.priority || null,
    prioritySetBy: raw.priority_set_by,
    impact: raw.impact,
    group: raw.group,
    assignee: raw.assignee,
    form: raw.form,
    channel: raw.channel,
    tags: raw.tags ?? [],
    organizationId: raw.organization_id,
    requester: raw.requester,
  }));

const staffing = z
  .object({ online: z.number().nullish(), unassigned: z.number().nullish() })
  .transform(({ online, unassigned }) => ({ online: online ?? null, unassigned: unassigned ?? null }));

const caseSchema = z.object({
  id,
  now: instant,
  org_links: z.record(z.string(), id).nullish(),
  accounts: z.record(z.string(), accountSchema).nullish(),
  state: heldSchema.nullish(),
  overrides: z.array(overrideSchema).nullish(),
  availability: z.record(z.string(), staffing).nullish(),
  ticket: ticketSchema,
});

/** A case that does not have the form of a case. Names the case and each place that is wrong. */
export class CaseProblem extends Error {
  override readonly name = "CaseProblem";
}

/**
 * Reads one case. Missing optional keys count as not stated; `state` is what the ledger holds of whichever account
 * the ticket turns out to belong to. Throws CaseProblem.
 */
export function readCase(json: unknown): { id: string; situation: Situation; now: Instant } {
  const parsed = caseSchema.safeParse(json);
  if (!parsed.success) throw new CaseProblem(problemText(json, parsed.error));
  const raw = parsed.data;
  const accounts = new Map<string, Account>(
    Object.entries(raw.accounts ?? {}).map(([key, account]) => [key, { ...account, id: account.id ?? key }]),
  );
  const { state } = raw;
  const situation: Situation = {
    ticket: raw.ticket,
    event: "created",
    orgLinks: new Map(Object.entries(raw.org_links ?? {})),
    accounts,
    held: new Map(state ? [...accounts.keys()].map((account) => [account, state]) : []),
    overrides: raw.overrides ?? [],
    availability: new Map(Object.entries(raw.availability ?? {})),
    prior: null,
  };
  return { id: raw.id, situation, now: raw.now };
}

/** The decision with exactly the fields a case compares, beside the case's id. */
export function writeResult(id: string, decision: Decision, _policy: Policy): Record<string, unknown> {
  if (decision.action === "skip") return { id, action: "skip", reasons: decision.reasons };
  const { minutes, clock, dueAt } = decision.due.first_reply;
  return {
    id,
    action: "apply",
    tier: decision.tier,
    basis: decision.basis,
    priority: decision.priority,
    priority_changed: decision.priorityChanged,
    group: decision.group,
    followers_add: decision.followersAdd,
    sla_policy: decision.slaPolicy,
    first_reply_target_minutes: minutes,
    first_reply_clock: clock,
    first_reply_due_at: dueAt === null ? null : instantText(dueAt),
    tags_add: decision.tagsAdd,
    tags_remove: decision.tagsRemove,
    reasons: decision.reasons,
  };
}

function problemText(json: unknown, error: z.ZodError): string {
  const named = z.object({ id }).safeParse(json);
  const name = named.success ? `case ${named.data.id}` : "a case without an id";
  const places = error.issues.map(
    ({ path, message }) => `${path.join(".") || "(the whole case)"}: ${message}`,
  );
  return `${name}: ${places.join("; ")}`;
}
