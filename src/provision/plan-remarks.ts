/** What a person should know of other people's rules that work on the same tickets. Nothing here is changed. */
import type { DeskObjectOf, Inventory, ProvisionKind } from "../ports.ts";
import type { Desired, Remark } from "./desired-model.ts";
import { KIND_WORDS } from "./kind-words.ts";
import { keyOf } from "./marks.ts";
import { isAddress, type Match, objectsOf, unavailable } from "./plan-matching.ts";
import type { OwnedObject } from "./plan-model.ts";

type Trigger = DeskObjectOf<"trigger">;

/** Remarks about everything in the account that is not ours, by what it does to ours. */
export function remarksOn(
  desired: Desired,
  found: readonly Match[],
  inventory: Inventory,
  owned: readonly OwnedObject[],
): readonly Remark[] {
  const ours = new Set(
    found.flatMap(({ object }) => (object === null ? [] : [`${object.kind} ${object.id}`])),
  );
  const foreign = objectsOf(inventory, "trigger")
    .filter((trigger): trigger is Trigger => trigger.kind === "trigger" && trigger.fields.active)
    .filter(
      ({ id }) => !ours.has(`trigger ${id}`) && !owned.some((one) => one.kind === "trigger" && one.id === id),
    )
    .filter((trigger) => keyOf(trigger, desired.prefix) === null);
  return [
    ...missingKinds(desired, inventory),
    ...laterSetters(desired, foreign),
    ...tagWipers(foreign),
    ...doubleTelling(found, inventory, foreign),
    ...found.flatMap(copies),
  ];
}

function missingKinds(desired: Desired, inventory: Inventory): readonly Remark[] {
  const kinds = [...new Set(desired.objects.map(({ kind }) => kind))];
  return kinds
    .filter((kind) => unavailable(inventory, kind)?.because === "plan")
    .map((kind) => ({
      about: KIND_WORDS[kind].many,
      message: `This plan of the help desk has no ${KIND_WORDS[kind].many}. ${WITHOUT[kind] ?? ""}`.trim(),
      fix: "Change the plan of the help desk, or do without.",
    }));
}

const WITHOUT: Readonly<Partial<Record<ProvisionKind, string>>> = {
  sla_policy: "Priority and group are set all the same, but no clock of the desk runs.",
  trigger_category: "Our triggers stand directly first and last among all.",
  webhook: "New tickets are found by the sweep, within five minutes.",
};

function named(triggers: readonly Trigger[]): string {
  const names = triggers.slice(0, 5).map(({ name }) => name);
  return triggers.length > 5 ? `${names.join(", ")} and ${triggers.length - 5} more` : names.join(", ");
}

function sets(trigger: Trigger, fields: readonly string[]): boolean {
  return trigger.fields.actions.some(({ field }) => fields.includes(field));
}

/** The values of the condition on the kind of update; [] = both. */
function updateTypes({ fields }: Trigger): readonly string[] {
  return fields.conditions.all.filter(({ field }) => field === "update_type").map(({ value }) => value);
}

function laterSetters(desired: Desired, foreign: readonly Trigger[]): readonly Remark[] {
  const setters = foreign.filter((trigger) => sets(trigger, ["priority", "group_id"]));
  const onCreation = setters.filter((trigger) => !updateTypes(trigger).includes("Change"));
  const onChange = setters.filter((trigger) => !updateTypes(trigger).includes("Create"));
  const native = desired.objects.some(({ kind, key }) => kind === "trigger" && key.startsWith("native/"));
  return [
    ...(native && onCreation.length > 0 ? [afterNative(onCreation)] : []),
    ...(onChange.length > 0 ? [overwriting(onChange)] : []),
  ];
}

function afterNative(triggers: readonly Trigger[]): Remark {
  return {
    about: "triggers",
    message: `After our native triggers, ${named(triggers)} set priority or group of new tickets: such a value counts as set by automation and is only ever raised.`,
    fix: 'If that is not meant, give them the condition "Tags contain none of" with our tier tags.',
    mayBeMeant: true,
  };
}

function overwriting(triggers: readonly Trigger[]): Remark {
  return {
    about: "triggers",
    message: `On every update ${named(triggers)} may set priority or group, and so overwrite what the service wrote.`,
    fix: 'Give them the condition "Ticket is created", or exclude our tier tags.',
  };
}

function tagWipers(foreign: readonly Trigger[]): readonly Remark[] {
  const wipers = foreign.filter((trigger) => sets(trigger, ["set_tags"]));
  if (wipers.length === 0) return [];
  return [
    {
      about: "triggers",
      message: `${named(wipers)} replace all tags of a ticket, the tier's among them, and with it the SLA policy.`,
      fix: 'Use the action "Add tags" instead.',
    },
  ];
}

/** The same ticket is told twice: by events, or by somebody else's trigger. Harmless, and twice the calls. */
function doubleTelling(
  found: readonly Match[],
  inventory: Inventory,
  foreign: readonly Trigger[],
): readonly Remark[] {
  const webhook = found.find(({ wanted }) => wanted.kind === "webhook");
  if (webhook?.wanted.kind !== "webhook") return [];
  const { endpoint } = webhook.wanted.fields;
  const same = objectsOf(inventory, "webhook").filter(
    (one) => one.kind === "webhook" && isAddress(one.fields.endpoint, endpoint) && one.fields.active,
  );
  const byEvents = same.filter((one) => one.kind === "webhook" && one.fields.firedBy === "events");
  const callers = foreign.filter(({ fields }) =>
    fields.actions.some(
      ({ field, value }) => field === "notification_webhook" && same.some(({ id }) => id === value[0]),
    ),
  );
  const tellers = [
    ...byEvents.map(({ name }) => `the webhook ${name}`),
    ...callers.map(({ name }) => `the trigger ${name}`),
  ];
  if (tellers.length === 0) return [];
  return [
    {
      about: "webhook",
      message: `New tickets are told by ${tellers.join(", ")} as well: each is looked at twice, and decided once.`,
      fix: "Switch that off once the plan is applied.",
    },
  ];
}

function copies({ wanted, object, ours, others }: Match): readonly Remark[] {
  if (!ours || object === null || others.length === 0 || wanted.kind === "group") return [];
  const words = KIND_WORDS[wanted.kind];
  return [
    {
      about: `${words.one} ${wanted.name}`,
      message: `${others.length + 1} ${words.many} carry our mark; the one with id ${object.id} is kept in order, ${others.map(({ id }) => id).join(", ")} not.`,
      fix: `Delete the copies, or take the mark out of their description (${words.where}).`,
    },
  ];
}
