/** Leaves the help desk as it was before the first apply: what we made goes, values stay unless they are to be cleared. */
import { randomUUID } from "node:crypto";
import type { Desk, Inventory, LeftLine } from "../ports.ts";
import { rememberApplied } from "./applied.ts";
import { asRun, settleDoubts } from "./apply.ts";
import { type Carried, carryOut } from "./carry-out.ts";
import { hangingOn, holdsValue, isField } from "./hanging.ts";
import { failedLines } from "./step-text.ts";
import type { Turn, UndoPorts } from "./undo.ts";
import { oursIn, type UninstallSteps, uninstallSteps } from "./uninstall-steps.ts";

/** What uninstalling needs. */
export interface UninstallPorts extends UndoPorts {
  readonly writeOrganizations: Desk["writeOrganizations"];
}

/** An uninstall, ready to be carried out. */
export interface UninstallPlanned extends UninstallSteps {
  readonly inventory: Inventory;
  /** Values are emptied first, and fields go with them. */
  readonly clearing: boolean;
}

/** What an uninstall did. */
export interface Uninstalled {
  /** null = there was nothing to do. */
  readonly runId: string | null;
  readonly done: Carried["done"];
  readonly failed: readonly LeftLine[];
  /** Organizations whose values were emptied. */
  readonly cleared: number;
}

/** What would be taken away and what stays; steps of earlier runs that never ended are settled first. */
export async function uninstallPlanned(
  ports: UninstallPorts,
  values: "keep" | "clear",
): Promise<UninstallPlanned> {
  const { desk, store, policy } = ports;
  const inventory = await desk.inventory();
  const journal = store.provisionJournal;
  await settleDoubts(journal, inventory, policy.prefix);
  const owned = await journal.owned();
  const ours = oursIn({ inventory, owned, prefix: policy.prefix }).map(({ object }) => object);
  const hanging = await hangingOn(
    ours.filter(({ kind }) => values === "keep" || !isField(kind)),
    ports,
  );
  const history = await journal.history();
  const steps = uninstallSteps({ inventory, owned, history, hanging, prefix: policy.prefix });
  return { ...steps, inventory, clearing: values === "clear" };
}

/** Carries it out as a run. What cannot be emptied keeps its fields. */
export async function uninstalled(
  made: UninstallPlanned,
  ports: UninstallPorts,
  turn: Turn,
): Promise<Uninstalled> {
  const { store, clock, policy, desk } = ports;
  const fields = made.steps.filter((step) => isField(step.kind) && step.write.do === "remove");
  const others = made.steps.filter((step) => !fields.includes(step));
  const carrying = { journal: store.provisionJournal, prefix: policy.prefix, desk, clock, ...turn };
  const runId = randomUUID();
  let cleared: Cleared = { rows: 0, failed: [] };
  const carried = await asRun("uninstall", runId, { store, clock }, async () => {
    const start = { runId, inventory: made.inventory, ids: {} };
    const first = await carryOut(others, start, carrying);
    if (first.stopped !== null) return first;
    if (made.clearing) cleared = await clearValues(ports);
    if (cleared.failed.length > 0) return first;
    const second = await carryOut(fields, { ...start, from: others.length }, carrying);
    return {
      done: [...first.done, ...second.done],
      refused: [...first.refused, ...second.refused],
      stopped: second.stopped,
    };
  });
  await store.provisionJournal.forget(made.gone);
  await rememberApplied(store.register, null);
  return {
    runId,
    done: carried.done,
    failed: [...failedLines(carried), ...cleared.failed],
    cleared: cleared.rows,
  };
}

interface Cleared {
  readonly rows: number;
  readonly failed: readonly LeftLine[];
}

/** Empties our fields page by page: the desk takes a drop-down's tag away with its value. */
async function clearValues({ organizations, writeOrganizations, policy }: UninstallPorts): Promise<Cleared> {
  const { signal } = new AbortController();
  const failed: LeftLine[] = [];
  let rows = 0;
  for await (const page of organizations(null, signal)) {
    const full = page.organizations.filter(({ fields }) => holdsValue(fields));
    if (full.length === 0) continue;
    const changes = full.map(({ id, fields }) => ({
      id,
      fields: Object.fromEntries(
        Object.keys(fields)
          .filter((key) => key.startsWith(policy.prefix))
          .map((key) => [key, null]),
      ),
    }));
    for (const { id, ok, reason } of await writeOrganizations(changes, signal)) {
      if (ok) rows += 1;
      else
        failed.push({
          what: `organization ${id}`,
          why: `its values could not be emptied: ${reason ?? "no reason given"}`,
          fix: "Run it again.",
        });
    }
  }
  return { rows, failed };
}
