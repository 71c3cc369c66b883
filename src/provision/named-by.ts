/** Who names an object: what others still use is not taken away under them. Pure. */
import type { DeskObject, FieldsImage, Inventory, LeftLine } from "../ports.ts";
import { KINDS } from "./desired-model.ts";
import { objectsOf } from "./plan-matching.ts";
import { calledBy } from "./step-text.ts";
import type { Step } from "./steps.ts";

/** Steps without the removals of what stays in use, and who uses it. */
export function sparingWhatIsNamed(
  steps: readonly Step[],
  inventory: Inventory,
): { readonly steps: readonly Step[]; readonly left: readonly LeftLine[] } {
  const left: LeftLine[] = [];
  let rest = steps;
  for (;;) {
    const standing = standingAfter(rest, inventory);
    const spared = rest.flatMap((step) => {
      const user = step.write.do === "remove" ? userOf(step, step.write.id, standing) : null;
      return user === null ? [] : [{ step, user }];
    });
    if (spared.length === 0) return { steps: rest, left };
    for (const { step, user } of spared)
      left.push({
        what: calledBy(step),
        why: `${calledBy(user)} stays and names it`,
        fix: "Change or delete that one first, then run this again.",
      });
    rest = rest.filter((step) => !spared.some((one) => one.step === step));
  }
}

/** Everything that is there once the steps are done, as it then is. */
function standingAfter(steps: readonly Step[], inventory: Inventory): readonly DeskObject[] {
  const writes = new Map(
    steps.flatMap(({ kind, write }) => ("id" in write ? [[`${kind} ${write.id}`, write] as const] : [])),
  );
  return KINDS.flatMap((kind) => objectsOf(inventory, kind)).flatMap((object) => {
    const write = writes.get(`${object.kind} ${object.id}`);
    if (write?.do === "remove") return [];
    const fields = write?.do === "change" ? { ...object.fields, ...write.fields } : object.fields;
    return [{ ...object, fields } as DeskObject];
  });
}

function userOf({ kind, name }: Step, id: string, standing: readonly DeskObject[]): DeskObject | null {
  const wanted = `${kind}:${kind === "organization_field" ? name : id}`;
  return standing.find((object) => namesIn(object.fields).includes(wanted)) ?? null;
}

/** What the fields of an object name: `group:12`, `organization_field:ps_tier`. */
function namesIn(fields: FieldsImage): readonly string[] {
  return Object.entries(fields).flatMap(([field, value]) => {
    if (field === "category") return typeof value === "string" ? [`trigger_category:${value}`] : [];
    if (field === "primaryGroups" || field === "secondaryGroups")
      return texts(value).map((id) => `group:${id}`);
    if (field === "actions") return rows(value).flatMap(namedByRow);
    if (field !== "conditions" && field !== "filter") return [];
    const sides = value as { readonly all: unknown; readonly any: unknown };
    return [...rows(sides.all), ...rows(sides.any)].flatMap(namedByRow);
  });
}

interface Row {
  readonly field: string;
  readonly value: unknown;
}

/** One condition or action. */
function namedByRow({ field, value }: Row): readonly string[] {
  const custom = /^organization\.custom_fields\.(.+)$/.exec(field)?.[1];
  if (custom !== undefined) return [`organization_field:${custom}`];
  const ticket = /^(?:ticket_fields|custom_fields)_(\d+)$/.exec(field)?.[1];
  if (ticket !== undefined) return [`ticket_field:${ticket}`];
  if (field === "group_id") return texts(value).map((id) => `group:${id}`);
  return field === "notification_webhook"
    ? texts(value)
        .slice(0, 1)
        .map((id) => `webhook:${id}`)
    : [];
}

function rows(value: unknown): readonly Row[] {
  return Array.isArray(value) ? (value as readonly Row[]) : [];
}

function texts(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((one): one is string => typeof one === "string");
}
