/** Is the help desk still as `apply` left it? What was changed by hand, lost, left over or made twice. Pure. */
import type { Policy } from "../policy/model.ts";
import type { Inventory, OwnedRecord } from "../ports.ts";
import { accountFacts } from "../provision/account-facts.ts";
import type { AppliedPolicy } from "../provision/applied.ts";
import { desired } from "../provision/desired.ts";
import type { Remark } from "../provision/desired-model.ts";
import { KIND_WORDS } from "../provision/kind-words.ts";
import { plan } from "../provision/plan.ts";
import type { PlanAction, PlannedChange } from "../provision/plan-model.ts";
import { broken, type CheckLine, doubtful, fine } from "./line.ts";

/** What the comparison starts from. */
export interface SetUp {
  readonly policy: Policy;
  /** SHA-256 of what it says, hex. */
  readonly policyHash: string;
  readonly inventory: Inventory;
  readonly owned: readonly OwnedRecord[];
  /** null = no policy was ever applied to the end. */
  readonly applied: AppliedPolicy | null;
  readonly publicUrl: string | null;
}

const APPLY = "Look at `priority-support plan`, then run `priority-support apply`.";

/** Every line about what we made in the help desk; a desk that people set up by hand has one line that says so. */
export function setUpLines({
  policy,
  policyHash,
  inventory,
  owned,
  applied,
  publicUrl,
}: SetUp): readonly CheckLine[] {
  const wanted = desired(policy, { publicUrl, account: accountFacts(inventory) });
  const made = plan(wanted, inventory, owned, { adopt: "never", callsPerMinute: 100 });
  if (owned.length === 0 && made.ours.length === 0 && applied === null)
    return [fine("set-up", "help desk", "nothing in it was made by `apply`; `plan` shows what it would do")];
  const changes = made.changes.map((change) => lineOf(change, owned));
  const foreign = made.remarks.filter((one) => !wanted.remarks.includes(one)).map(remarkLine);
  const unchanged = fine(
    "set-up",
    "help desk",
    `all ${made.ours.length} objects of ours are as \`apply\` left them`,
  );
  const current = policyLine(applied, policy, policyHash, made.changes);
  const told = changes.length > 0 ? [...changes, summary(made.changes)] : [unchanged];
  return [...current, ...told, ...foreign];
}

/** The policy that was applied last against the one in force: what they say counts, not what they are called. */
function policyLine(
  applied: AppliedPolicy | null,
  policy: Policy,
  policyHash: string,
  changes: readonly PlannedChange[],
): readonly CheckLine[] {
  if (applied === null)
    return [doubtful("set-up", "policy applied", "No policy was applied to the end yet.", APPLY)];
  if (applied.contentHash === policyHash) return [];
  const what =
    applied.version === policy.version
      ? `The policy says something else than when its version ${applied.version} was applied.`
      : `The help desk was set up for policy version ${applied.version}; version ${policy.version} is in force.`;
  return changes.length === 0
    ? [fine("set-up", "policy applied", `${what} Both ask the same of the help desk.`)]
    : [doubtful("set-up", "policy applied", what, APPLY)];
}

const COUNTED: Readonly<Record<PlanAction, string>> = {
  create: "missing",
  change: "not as the policy says",
  drift: "changed by somebody",
  adopt: "somebody else's",
  reorder: "in another order",
  remove: "not needed any more",
  blocked: "waiting for a person",
};

/** How far the help desk is from the policy, in one line: differences by kind. */
function summary(changes: readonly PlannedChange[]): CheckLine {
  const counts = Object.entries(COUNTED).flatMap(([action, words]) => {
    const count = changes.filter((one) => one.action === action).length;
    return count === 0 ? [] : [`${count} ${words}`];
  });
  const places = changes.length === 1 ? "place" : "places";
  return doubtful(
    "set-up",
    "help desk",
    `It differs from the policy in ${changes.length} ${places}: ${counts.join(", ")}.`,
    APPLY,
  );
}

function lineOf(change: PlannedChange, owned: readonly OwnedRecord[]): CheckLine {
  const name = `${KIND_WORDS[change.kind].one} ${change.name}`;
  const fields = change.fields.map(({ field }) => field).join(", ");
  if (change.action === "blocked") return broken("set-up", name, change.why, change.fix ?? APPLY);
  if (change.action === "create")
    return owned.some(({ kind, key }) => kind === change.kind && key === change.key)
      ? broken("set-up", name, "It was made by us, and somebody deleted it.", APPLY)
      : doubtful("set-up", name, "The policy wants it, and it is not there yet.", APPLY);
  if (change.action === "remove")
    return doubtful("set-up", name, "It is ours, and the policy has no use for it any more.", APPLY);
  if (change.action === "drift") return doubtful("set-up", name, change.why, APPLY);
  const verb = change.fields.length === 1 ? "differs" : "differ";
  const what = change.action === "reorder" ? "It is in another order." : `${fields} ${verb}.`;
  return doubtful("set-up", name, `${what} ${change.why}`, APPLY);
}

/** What other people's rules do to ours. What may well be meant is told, and nothing to look at. */
function remarkLine({ about, message, fix, mayBeMeant }: Remark): CheckLine {
  return fix === null || mayBeMeant === true
    ? fine("set-up", about, message)
    : doubtful("set-up", about, message, fix);
}
