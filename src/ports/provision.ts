/**
 * Objects that the help desk must have so that tiers mean something there: fields, groups, triggers, SLA policies.
 * What is there now, and one change at a time. Types only.
 *
 * Every value is text, a number, yes/no or a list of those: what is compared, printed and kept as a before-image.
 * `R` is how one object names another: `string` (an id) everywhere in this file's methods, a name in a plan.
 */
import type { Priority } from "../policy/model.ts";

/**
 * A condition as the desk writes it. `value` is text: numbers and yes/no written out, null as "", several values (and
 * tags) separated by one space.
 */
export interface ProvisionCondition<R> {
  readonly field: string;
  readonly operator: string;
  readonly value: string | R;
}

/** All of `all` and, unless it is empty, one of `any`. Both empty = everything. */
export interface ProvisionConditions<R> {
  readonly all: readonly ProvisionCondition<R>[];
  readonly any: readonly ProvisionCondition<R>[];
}

/**
 * What a trigger or macro does, in the desk's words. A list only where the desk takes one (`notification_webhook`:
 * webhook and body); everything else as text like the value of a condition.
 */
export interface ProvisionAction<R> {
  readonly field: string;
  readonly value: string | R | readonly (string | R)[];
}

/** A choice of a drop-down: what people read, and the tag the desk sets for it. */
export interface ProvisionOption {
  readonly name: string;
  readonly tag: string;
}

/**
 * The comparable fields of each kind. All of them are given on reading and on creating, any of them on changing.
 *
 * `description` is "" where there is none; it is the text that agents see (of a ticket field the one for agents alone).
 */
export type ProvisionFields<R> = {
  /** `key` and `type` cannot be changed afterwards. `type` in the desk's words: `dropdown`, `text`, `date`, `decimal`. */
  readonly organization_field: {
    readonly key: string;
    readonly title: string;
    readonly type: string;
    readonly description: string;
    readonly active: boolean;
    /** The whole list: an option that is left out is deleted together with its values. [] unless a drop-down. */
    readonly options: readonly ProvisionOption[];
  };
  /** `type` cannot be changed afterwards; a drop-down is a `tagger` here. */
  readonly ticket_field: {
    readonly title: string;
    readonly type: string;
    readonly description: string;
    readonly active: boolean;
    readonly options: readonly ProvisionOption[];
  };
  /** Deleted groups are not listed. Two may share a name. */
  readonly group: { readonly name: string; readonly description: string };
  /** Has no description. */
  readonly trigger_category: { readonly name: string };
  /** Always POST with JSON. `firedBy` cannot be changed afterwards. Secrets are not among the fields. */
  readonly webhook: {
    readonly name: string;
    readonly description: string;
    readonly endpoint: string;
    readonly active: boolean;
    /** Methods and formats other than POST and JSON, which we cannot read: false. Always true on writing. */
    readonly readable: boolean;
    /** `triggers`, or `events` with the names in `events`. */
    readonly firedBy: "triggers" | "events";
    readonly events: readonly string[];
  };
  readonly trigger: {
    readonly title: string;
    readonly description: string;
    readonly active: boolean;
    /** The category it stands in; null = none (accounts without categories). */
    readonly category: string | R | null;
    readonly conditions: ProvisionConditions<R>;
    readonly actions: readonly ProvisionAction<R>[];
  };
  readonly sla_policy: {
    readonly title: string;
    readonly description: string;
    readonly filter: ProvisionConditions<R>;
    /** The whole list. `metric` in the desk's words: `first_reply_time`, … */
    readonly targets: readonly {
      readonly metric: string;
      readonly priority: Priority;
      readonly minutes: number;
      readonly businessHours: boolean;
    }[];
  };
  readonly view: {
    readonly title: string;
    readonly description: string;
    readonly active: boolean;
    readonly conditions: ProvisionConditions<R>;
    /** Columns, left to right, in the desk's words: `nice_id`, `subject`, `priority`, … */
    readonly columns: readonly string[];
    readonly sortBy: string;
    readonly sortOrder: "asc" | "desc";
  };
  readonly macro: {
    readonly title: string;
    readonly description: string;
    readonly active: boolean;
    readonly actions: readonly ProvisionAction<R>[];
  };
  /** An omnichannel queue. `priority`: 1 is served first. */
  readonly queue: {
    readonly name: string;
    readonly description: string;
    readonly priority: number;
    readonly conditions: ProvisionConditions<R>;
    readonly primaryGroups: readonly (string | R)[];
    readonly secondaryGroups: readonly (string | R)[];
  };
};

/** What can be made, changed and removed. */
export type ProvisionKind = keyof ProvisionFields<string>;

/** Kinds whose order decides: the first that fits wins, or they run one after the other. */
export type OrderedKind = "trigger_category" | "trigger" | "sla_policy" | "queue";

/** One object of the desk, as it is now. */
export interface DeskObjectOf<K extends ProvisionKind> {
  readonly kind: K;
  readonly id: string;
  /** What people call it: its name or title; of an organization field its key. */
  readonly name: string;
  /**
   * Place in its order, lowest first; of a trigger the place within its category. null = this kind has no order. Only
   * comparisons count: places may start anywhere and have gaps.
   */
  readonly position: number | null;
  readonly fields: ProvisionFields<string>[K];
  /** Option tag → the id that conditions name it by. Empty unless a drop-down. */
  readonly optionIds: Readonly<Record<string, string>>;
}

/** One object of the desk, of whatever kind. */
export type DeskObject = { readonly [K in ProvisionKind]: DeskObjectOf<K> }[ProvisionKind];

/** Why nothing of a kind can be read: the account's plan does not have it, or our user's role may not. */
export interface Unavailable {
  readonly because: "plan" | "role";
}

/** Everything of each kind, in order of `position` (categories first, then the triggers in them), or why not. */
export type InventoryOfKinds = {
  readonly [K in ProvisionKind]: readonly DeskObjectOf<K>[] | Unavailable;
};

/** A thing we name but never make. */
export interface DeskName {
  readonly id: string;
  readonly name: string;
}

/** What the account says its rules may look at and do. null = it does not say, or our user may not ask. */
export interface ProvisionDefinitions {
  /** Field of an SLA filter → its legal operators. */
  readonly slaFilter: Readonly<Record<string, readonly string[]>> | null;
  /** Field of a trigger's conditions → its legal operators; none listed = the account does not tell them. */
  readonly triggerConditions: Readonly<Record<string, readonly string[]>> | null;
  /** Fields that a trigger's actions may name. */
  readonly triggerActions: readonly string[] | null;
  /** Channels as the condition `via_id` lists them: its number as id, what people read as name. */
  readonly channels: readonly DeskName[] | null;
  /** Fields that a queue's conditions may name. */
  readonly queueConditions: readonly string[] | null;
}

/** The account around our objects: named in conditions and actions, never made here. */
export interface Surroundings {
  readonly brands: readonly DeskName[];
  readonly forms: readonly DeskName[];
  /** Opening hours; the first one is every ticket's unless a trigger sets another. null = not in the plan. */
  readonly schedules: readonly DeskName[] | null;
}

/** The desk as a plan starts from it. */
export interface Inventory {
  readonly kinds: InventoryOfKinds;
  readonly definitions: ProvisionDefinitions;
  readonly around: Surroundings;
}

/**
 * The desk's set-up, one object at a time. Every method may throw the types of `errors.ts`: `NeedsAdmin` with a fix for
 * a token without the right, a plan that lacks the kind, or a value the desk refuses (in its own words).
 */
export interface Provisioning {
  /** Everything there is, read once; costs a few calls a kind. */
  inventory(): Promise<Inventory>;
  /** Makes one object, last in its order, and answers with it as read back. */
  create<K extends ProvisionKind>(kind: K, fields: ProvisionFields<string>[K]): Promise<DeskObjectOf<K>>;
  /**
   * Writes these fields and leaves the others; answers with the object as read back, null = it is not there any more.
   */
  change<K extends ProvisionKind>(
    kind: K,
    id: string,
    fields: Partial<ProvisionFields<string>[K]>,
  ): Promise<DeskObjectOf<K> | null>;
  /** Takes one object away; false = it was gone already. */
  remove(kind: ProvisionKind, id: string): Promise<boolean>;
  /**
   * Puts objects in this order. `ids` names all there are of the kind; for triggers all of the category `within`, which
   * is null for the other kinds and for triggers of an account without categories.
   */
  reorder(kind: OrderedKind, ids: readonly string[], within: string | null): Promise<void>;
  /** How many people are in a group, counted up to a hundred; 0 = nobody, or there is no such group. */
  members(groupId: string): Promise<number>;
  /** The text a webhook's calls are signed with. Handed to the operator's secret file alone, never logged or stored. */
  signingSecret(webhookId: string): Promise<string>;
}
