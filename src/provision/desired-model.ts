/** What the desk should have, as data: objects that name each other by what they are, for some are not made yet. */
import type { ProvisionFields, ProvisionKind } from "../ports.ts";

/**
 * Another object by name instead of id: `group:Enterprise Support`, `organization_field:ps_tier#ps_tier_pro` (an option
 * of a drop-down), or something that is never made here: `brand:…`, `form:…`, `schedule:…`.
 */
export interface Ref {
  readonly ref: string;
}

/** Fields of a wanted object. */
export type WantedFields<K extends ProvisionKind = ProvisionKind> = ProvisionFields<Ref>[K];

/** One object the desk should have. */
export interface WantedOf<K extends ProvisionKind> {
  readonly kind: K;
  /** Which of ours it is, for ever: part of its mark and of `Ref`. Of a group its name, of an organization field its key. */
  readonly key: string;
  readonly name: string;
  readonly fields: WantedFields<K>;
  /** Where it stands among other people's objects; null = it does not matter, or only against ours. */
  readonly place: "first" | "last" | null;
  /** One sentence: what it is for. */
  readonly why: string;
}

/** One wanted object, of whatever kind. */
export type Wanted = { readonly [K in ProvisionKind]: WantedOf<K> }[ProvisionKind];

/** Something a person should know about the plan; nothing is done about it. */
export interface Remark {
  /** What it is about: `tier pro`, `SLA policy Everyone`. */
  readonly about: string;
  readonly message: string;
  /** null = nothing needs doing. */
  readonly fix: string | null;
  /** true = it may well be meant; absent = somebody should look. */
  readonly mayBeMeant?: true;
}

/** Everything the desk should have. */
export interface Desired {
  readonly prefix: string;
  /** In the order they are made: what is named stands before what names it. Within a kind the order that counts. */
  readonly objects: readonly Wanted[];
  readonly remarks: readonly Remark[];
}

/** Wanted objects in this order are made one after the other. */
export const KINDS: readonly ProvisionKind[] = [
  "organization_field",
  "ticket_field",
  "group",
  "trigger_category",
  "webhook",
  "sla_policy",
  "trigger",
  "queue",
  "view",
  "macro",
];

/** Names another wanted object. */
export function refTo(kind: ProvisionKind, key: string): Ref {
  return { ref: `${kind}:${key}` };
}

/** Names an option of a drop-down by its tag. */
export function optionRef(kind: "organization_field" | "ticket_field", key: string, tag: string): Ref {
  return { ref: `${kind}:${key}#${tag}` };
}

/** Names something that is there and never made here. */
export function aroundRef(what: "brand" | "form" | "schedule", name: string): Ref {
  return { ref: `${what}:${name}` };
}

/** Is it a name instead of an id? */
export function isRef(value: unknown): value is Ref {
  return typeof value === "object" && value !== null && "ref" in value;
}
