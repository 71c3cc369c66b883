/** What to do about one wanted object: make it, change it, put it back, take it over, leave it, or ask a person. */
import type { Inventory } from "../ports.ts";
import type { Wanted, WantedFields } from "./desired-model.ts";
import { KIND_WORDS } from "./kind-words.ts";
import { illegalIn } from "./plan-legal.ts";
import { isAddress, type Match } from "./plan-matching.ts";
import type { FieldDifference, OwnedObject, PlannedChange, PlanOptions } from "./plan-model.ts";
import { type Names, refsIn } from "./plan-names.ts";
import { type AnyFields, differences } from "./plan-values.ts";

/** What a step is planned with. */
export interface StepContext {
  readonly inventory: Inventory;
  readonly names: Names;
  readonly options: PlanOptions;
  /** `Ref`s of wanted objects that are there once the steps before are carried out. */
  readonly standing: ReadonlySet<string>;
}

/** Fields that stay as they were made. */
const FIXED: readonly string[] = ["key", "type", "firedBy"];

/** Fields that only people read: somebody else's object that differs in these alone serves as it is. */
const WORDS: readonly string[] = ["description", "title", "name"];

/** The step for one wanted object; null = it is as wanted. */
export function stepFor(match: Match, context: StepContext): PlannedChange | null {
  const { wanted, object } = match;
  const hindrance = hindranceOf(match, context);
  if (hindrance !== null) return blocked(wanted, hindrance.why, hindrance.fix);
  if (object === null) return creation(match, context.names);
  return match.ours ? upkeep(match, object, context) : takeover(match, object, context);
}

interface Hindrance {
  readonly why: string;
  readonly fix: string;
}

function hindranceOf(match: Match, context: StepContext): Hindrance | null {
  const { wanted } = match;
  return (
    ambiguous(match) ??
    missingNames(wanted, context) ??
    unlawful(wanted, context.inventory) ??
    ofAnotherType(match, context.names)
  );
}

function ambiguous({ wanted, object, ours, others }: Match): Hindrance | null {
  if (object === null || others.length === 0 || (ours && wanted.kind !== "group")) return null;
  const all = [object, ...others].map(({ name, id }) => `${name} (id ${id})`);
  const words = KIND_WORDS[wanted.kind];
  return {
    why: `${all.length} ${words.many} could be meant: ${all.join(", ")}. Nobody can say which.`,
    fix: `Rename or delete all but one (${words.where}).`,
  };
}

function missingNames({ fields }: Wanted, { names, standing }: StepContext): Hindrance | null {
  const missing = refsIn(fields).filter((ref) =>
    isAround(ref) ? names.idOf(ref) === null : !standing.has(plainRef(ref)),
  );
  const [first] = missing;
  if (first === undefined) return null;
  const [what = "", name = ""] = first.split(/:(.*)/s);
  const fix = AROUND[what];
  return fix === undefined
    ? { why: `It needs the ${kindWord(what)} ${name}, which cannot be made.`, fix: "Resolve that one first." }
    : { why: `There is no ${what} "${name}".`, fix };
}

const AROUND: Readonly<Record<string, string>> = {
  brand: "Correct desk.zendesk.brands, or name the brand by its id.",
  form: "Correct routing.keep_group_forms.",
  schedule:
    "Make it under this name (Admin Center > Objects and rules > Business rules > Schedules), or give the policy's schedule the name it has there.",
};

/** Names something that is never made here. */
function isAround(ref: string): boolean {
  return Object.keys(AROUND).some((what) => ref.startsWith(`${what}:`));
}

function kindWord(kind: string): string {
  return Object.entries(KIND_WORDS).find(([name]) => name === kind)?.[1].one ?? kind;
}

/** Without the option. */
function plainRef(ref: string): string {
  return ref.replace(/#.*$/s, "");
}

function unlawful(wanted: Wanted, inventory: Inventory): Hindrance | null {
  const illegal = illegalIn(wanted, inventory);
  if (illegal.length === 0) return null;
  return {
    why: `This account does not offer ${illegal.join(", ")} for ${KIND_WORDS[wanted.kind].many}.`,
    fix: "Look at what the plan of the account includes, then plan again.",
  };
}

function ofAnotherType({ wanted, object, ours }: Match, names: Names): Hindrance | null {
  if (object === null) return null;
  const wrong = differencesOf(wanted, object.fields, names).find(({ field }) => FIXED.includes(field));
  if (wrong === undefined) return null;
  const words = KIND_WORDS[wanted.kind];
  return {
    why: `"${object.name}" (id ${object.id}) ${ours ? "is" : "is somebody else's, and"} of ${wrong.field} ${wrong.from}; it must be ${wrong.to}, and that cannot be changed.`,
    fix: `Delete it if nobody needs it (${words.where}), or choose another tag_namespace in the policy.`,
  };
}

function blocked(wanted: Wanted, why: string, fix: string): PlannedChange {
  const { kind, key, name } = wanted;
  return { action: "blocked", kind, key, name, fields: [], why, fix, write: null };
}

function creation({ wanted, owned }: Match, names: Names): PlannedChange {
  const { kind, key, name, fields, why } = wanted;
  const lost = owned === null ? "" : " It was there and somebody deleted it.";
  return {
    action: "create",
    kind,
    key,
    name,
    fields: differences({}, fields, names.compared, names.printed).filter(({ to }) => !isEmpty(to)),
    why: `${why}${lost}`,
    fix: null,
    write: { do: "create", fields },
  };
}

function isEmpty(value: unknown): boolean {
  return value === "" || (Array.isArray(value) && value.length === 0);
}

function upkeep(
  { wanted, owned }: Match,
  object: NonNullable<Match["object"]>,
  context: StepContext,
): PlannedChange | null {
  const fields = differencesOf(wanted, object.fields, context.names);
  if (fields.length === 0) return null;
  const byHand = driftOf(owned, object.fields, fields, context.names);
  const why =
    byHand.length === 0
      ? "The policy wants something else now."
      : `Changed by somebody since: ${byHand.join(", ")}.`;
  return written(byHand.length === 0 ? "change" : "drift", wanted, object, fields, why);
}

/** Fields that are not as we left them. */
function driftOf(
  owned: OwnedObject | null,
  now: AnyFields,
  differing: readonly FieldDifference[],
  { compared }: Names,
): readonly string[] {
  if (owned?.applied === null || owned === null) return [];
  const since = new Set(differences(owned.applied, now, compared, compared).map(({ field }) => field));
  return differing.map(({ field }) => field).filter((field) => since.has(field));
}

function takeover(
  { wanted }: Match,
  object: NonNullable<Match["object"]>,
  { names, options }: StepContext,
): PlannedChange | null {
  // A group is named, not made ours: it has members and tickets of its own.
  if (wanted.kind === "group") return null;
  const all = differencesOf(wanted, object.fields, names);
  const real = all.filter((one) => !WORDS.includes(one.field) && !isSlashAlone(one));
  const words = KIND_WORDS[wanted.kind];
  if (options.adopt === "when_needed")
    return written("adopt", wanted, object, all, `This ${words.one} was somebody else's; it becomes ours.`);
  if (real.length === 0) return null;
  return {
    ...blocked(
      wanted,
      `There is a ${words.one} "${object.name}" (id ${object.id}) already; it is not ours, and its ${real.map(({ field }) => field).join(", ")} differ.`,
      `Plan with --adopt to make it ours, or rename it (${words.where}).`,
    ),
    fields: real,
  };
}

/** An address with a slash at its end reaches the same place. */
function isSlashAlone({ field, from, to }: FieldDifference): boolean {
  return field === "endpoint" && typeof from === "string" && typeof to === "string" && isAddress(from, to);
}

function written(
  action: "change" | "drift" | "adopt",
  wanted: Wanted,
  object: NonNullable<Match["object"]>,
  fields: readonly FieldDifference[],
  why: string,
): PlannedChange {
  const { kind, key, name } = wanted;
  const touched = new Set(fields.map(({ field }) => field.split(".")[0]));
  const whole = Object.entries(withForeignOptions(wanted.fields, object.fields));
  const write = Object.fromEntries(whole.filter(([field]) => touched.has(field)));
  return {
    action,
    kind,
    key,
    name,
    fields,
    why,
    fix: null,
    write: { do: "change", id: object.id, fields: write as Partial<WantedFields> },
  };
}

function differencesOf(wanted: Wanted, now: AnyFields, names: Names): readonly FieldDifference[] {
  return differences(now, withForeignOptions(wanted.fields, now), names.compared, names.printed);
}

/** Options that others added to a drop-down stay: an option that is left out is deleted with every value of it. */
function withForeignOptions(wanted: WantedFields, now: AnyFields): WantedFields {
  if (!("options" in wanted) || !("options" in now)) return wanted;
  const ours = wanted.options.map(({ tag }) => tag);
  const foreign = (now.options ?? []).filter(({ tag }) => !ours.includes(tag));
  return { ...wanted, options: [...wanted.options, ...foreign] };
}
