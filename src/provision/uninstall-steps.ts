/** How everything that `apply` made is taken away again, and what stays. Pure. */
import type {
  DeskObject,
  FieldsImage,
  Inventory,
  JournalEntry,
  LeftLine,
  OrderedKind,
  OrderImage,
  OwnedRecord,
  ProvisionKind,
} from "../ports.ts";
import type { WantedFields } from "./desired-model.ts";
import { type Hanging, heldBack } from "./hanging.ts";
import { differingFields } from "./in-doubt.ts";
import { partOf } from "./journal-entries.ts";
import { keyOf } from "./marks.ts";
import { sparingWhatIsNamed } from "./named-by.ts";
import { inOrder, pictureOf } from "./picture.ts";
import { objectsOf } from "./plan-matching.ts";
import { calledBy } from "./step-text.ts";
import type { Step } from "./steps.ts";

/** What fires goes first, so that nothing runs half-way; what others name goes after those. */
const ORDER: readonly ProvisionKind[] = [
  "trigger",
  "webhook",
  "queue",
  "macro",
  "view",
  "sla_policy",
  "trigger_category",
  "group",
  "ticket_field",
  "organization_field",
];

const ORDERED: readonly OrderedKind[] = ["trigger", "queue", "sla_policy", "trigger_category"];

/** What an uninstall would do. */
export interface UninstallSteps {
  readonly steps: readonly Step[];
  readonly left: readonly LeftLine[];
  /** Ours by the journal alone: gone from the desk, or adopted and just as it was before. */
  readonly gone: readonly OwnedRecord[];
}

/** What uninstalling looks at. */
export interface UninstallView {
  readonly inventory: Inventory;
  readonly owned: readonly OwnedRecord[];
  readonly history: readonly JournalEntry[];
  readonly hanging: Hanging;
  readonly prefix: string;
}

/** One of ours as it stands in the desk. */
export interface Ours {
  readonly object: DeskObject;
  readonly key: string;
  /** null = known by its mark alone. */
  readonly record: OwnedRecord | null;
}

/** Everything of ours: what the journal knows, and what carries our mark and is no copy of it. */
export function oursIn({
  inventory,
  owned,
  prefix,
}: Pick<UninstallView, "inventory" | "owned" | "prefix">): readonly Ours[] {
  return ORDER.flatMap((kind) => {
    const keys = new Set(owned.filter((one) => one.kind === kind).map(({ key }) => key));
    return objectsOf(inventory, kind).flatMap((object): readonly Ours[] => {
      const record = owned.find((one) => one.kind === kind && one.id === object.id) ?? null;
      if (record !== null) return [{ object, key: record.key, record }];
      const key = keyOf(object, prefix);
      return key === null || keys.has(key) ? [] : [{ object, key, record: null }];
    });
  });
}

/** The steps, in their order. */
export function uninstallSteps(view: UninstallView): UninstallSteps {
  const { inventory, owned, hanging } = view;
  const ours = oursIn(view);
  const answers = ours.flatMap((one) => answersFor(one, hanging));
  const { steps, left } = sparingWhatIsNamed(
    answers.filter((one) => "write" in one),
    inventory,
  );
  const removed = new Set(
    steps.flatMap(({ kind, write }) => (write.do === "remove" ? [`${kind} ${write.id}`] : [])),
  );
  return {
    steps: [...steps, ...ORDERED.flatMap((kind) => ordersOf(kind, view, removed))],
    left: [...answers.filter((one) => "why" in one), ...left],
    gone: owned.filter((one) => isGone(one, inventory)),
  };
}

function isGone({ kind, id, original }: OwnedRecord, inventory: Inventory): boolean {
  const object = objectsOf(inventory, kind).find((one) => one.id === id);
  if (object === undefined) return true;
  return original !== null && differingFields(object.fields, original).length === 0;
}

function answersFor({ object, key, record }: Ours, hanging: Hanging): readonly (Step | LeftLine)[] {
  const { kind, name, id } = object;
  const step = { kind, key, name, claims: "released", undoes: null } as const;
  if (record?.origin === "adopted") return givenBack(object, record, step);
  const held = heldBack({ kind, id }, hanging);
  if (held !== null) return [{ what: calledBy(object), ...held }];
  return [{ ...step, write: { do: "remove", id } }];
}

/** It was somebody else's: its fields come back as they were, but for those that somebody has changed since. */
function givenBack(
  object: DeskObject,
  { original, applied }: OwnedRecord,
  step: Pick<Step, "kind" | "key" | "name" | "claims" | "undoes">,
): readonly (Step | LeftLine)[] {
  if (original === null) return [];
  const now = partOf(object.fields, original);
  const differs = differingFields(now, original);
  const byPeople =
    applied === null
      ? []
      : differingFields(object.fields, applied).filter((field) => differs.includes(field));
  const restored = Object.fromEntries(
    Object.entries(original).filter(([field]) => differs.includes(field) && !byPeople.includes(field)),
  ) as FieldsImage;
  const write = { do: "change", id: object.id, fields: restored as Partial<WantedFields> } as const;
  return [
    ...(Object.keys(restored).length === 0 ? [] : [{ ...step, write }]),
    ...(byPeople.length === 0
      ? []
      : [
          {
            what: calledBy(object),
            why: `it was adopted, and somebody has changed it since: ${byPeople.join(", ")}`,
            fix: null,
          },
        ]),
  ];
}

/** Other people's in the order they had before our first run moved anything. */
function ordersOf(
  kind: OrderedKind,
  { inventory, history }: UninstallView,
  removed: ReadonlySet<string>,
): readonly Step[] {
  const first = new Map<string | null, OrderImage>();
  for (const { kind: of, write, state } of history)
    if (of === kind && write.do === "reorder" && state === "done" && !first.has(write.before.within))
      first.set(write.before.within, write.before);
  const picture = pictureOf(inventory);
  return [...first.values()].flatMap(({ ids, within }) => {
    if (within !== null && removed.has(`trigger_category ${within}`)) return [];
    const now = picture.order(kind, within).filter((id) => !removed.has(`${kind} ${id}`));
    const wanted = inOrder(now, ids, (id) => id);
    if (wanted.join() === now.join()) return [];
    const write = { do: "reorder", ids: wanted, within } as const;
    return [{ kind, key: null, name: "order", write, claims: "none" as const, undoes: null }];
  });
}
