/** A plan for people, line by line, and as one JSON document. */
import { KIND_WORDS } from "./kind-words.ts";
import type { FieldDifference, Plan, PlanAction, PlannedChange, Shown } from "./plan-model.ts";

/** One line with the colour that goes with it. */
export interface PlanLine {
  readonly tone: "plain" | "good" | "change" | "bad" | "faint";
  readonly text: string;
}

const SYMBOLS: Readonly<Record<PlanAction, { readonly sign: string; readonly tone: PlanLine["tone"] }>> = {
  create: { sign: "+", tone: "good" },
  change: { sign: "~", tone: "change" },
  drift: { sign: "~", tone: "change" },
  adopt: { sign: "»", tone: "change" },
  reorder: { sign: "±", tone: "change" },
  remove: { sign: "-", tone: "bad" },
  blocked: { sign: "!", tone: "bad" },
};

/** Texts longer than this are cut in the printed plan; the JSON has them whole. */
const WIDTH = 96;

/** The plan as lines: every step with its fields, then remarks, then what it costs. */
export function planLines(plan: Plan): readonly PlanLine[] {
  const steps = plan.changes.flatMap(changeLines);
  const remarks = plan.remarks.flatMap(({ about, message, fix }): readonly PlanLine[] => [
    { tone: "plain", text: `  ? ${about}: ${message}` },
    ...(fix === null ? [] : [{ tone: "faint" as const, text: `    fix: ${fix}` }]),
  ]);
  return [...steps, ...(remarks.length === 0 ? [] : [...remarks, blank()]), ...summary(plan)];
}

function blank(): PlanLine {
  return { tone: "plain", text: "" };
}

function changeLines(change: PlannedChange): readonly PlanLine[] {
  const { sign, tone } = SYMBOLS[change.action];
  const head = `  ${sign} ${KIND_WORDS[change.kind].one} ${JSON.stringify(change.name)}: ${change.action}`;
  return [
    { tone, text: head },
    { tone: "faint", text: `      ${change.why}` },
    ...change.fields.flatMap((field) => fieldLines(field, change.action)),
    ...(change.fix === null ? [] : [{ tone: "plain" as const, text: `      fix: ${change.fix}` }]),
    blank(),
  ];
}

function fieldLines({ field, from, to }: FieldDifference, action: PlanAction): readonly PlanLine[] {
  if (field === "order") return orderLines(listed(from), listed(to));
  if (isList(from) || isList(to)) return listLines(field, listed(from), listed(to));
  const text = action === "create" ? shown(to) : `${shown(from)} → ${shown(to)}`;
  return [{ tone: "plain", text: `      ${field}: ${text}` }];
}

function orderLines(from: readonly string[], to: readonly string[]): readonly PlanLine[] {
  return to.map((name, place) => {
    const before = from.indexOf(name);
    const moved = before === place ? " " : "±";
    return { tone: moved === " " ? "plain" : "change", text: `      ${moved} ${place + 1}. ${name}` };
  });
}

function listLines(field: string, from: readonly string[], to: readonly string[]): readonly PlanLine[] {
  const lost = from.filter((one) => !to.includes(one));
  const added = to.filter((one) => !from.includes(one));
  return [
    { tone: "plain", text: `      ${field}:` },
    ...lost.map((one): PlanLine => ({ tone: "bad", text: `        - ${cut(one)}` })),
    ...added.map((one): PlanLine => ({ tone: "good", text: `        + ${cut(one)}` })),
    ...(lost.length + added.length > 0 ? [] : [{ tone: "plain" as const, text: "        in another order" }]),
  ];
}

function summary(plan: Plan): readonly PlanLine[] {
  const { changes, calls, minutes } = plan;
  if (changes.length === 0)
    return [{ tone: "good", text: "Nothing to do: the help desk is as the policy wants it." }];
  const counted = Object.keys(SYMBOLS).flatMap((action) => {
    const count = changes.filter((change) => change.action === action).length;
    return count === 0 ? [] : [`${count} to ${WORDS[action] ?? action}`];
  });
  const cost = calls === 0 ? "" : ` At most ${calls} calls, about ${minutes} min. No ticket is touched.`;
  return [{ tone: "plain", text: `Plan: ${counted.join(", ")}.${cost}` }];
}

const WORDS: Readonly<Record<string, string>> = {
  drift: "put back",
  blocked: "be resolved by you",
};

function isList(value: Shown): value is readonly string[] {
  return Array.isArray(value);
}

function listed(value: Shown): readonly string[] {
  return isList(value) ? value : value === null ? [] : [String(value)];
}

function shown(value: Shown): string {
  if (value === null) return "(not there)";
  return typeof value === "string" ? JSON.stringify(cut(value)) : String(value);
}

function cut(text: string): string {
  const line = text.replaceAll("\n", " ");
  return line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line;
}

/** The plan as `plan --json` prints it. */
export function planDocument(plan: Plan): {
  readonly changes: readonly Omit<PlannedChange, "write" | "key">[];
  readonly remarks: Plan["remarks"];
  readonly calls: number;
  readonly minutes: number;
} {
  const changes = plan.changes.map(({ action, kind, name, fields, why, fix }) => ({
    action,
    kind,
    name,
    fields,
    why,
    fix,
  }));
  return { changes, remarks: plan.remarks, calls: plan.calls, minutes: plan.minutes };
}
