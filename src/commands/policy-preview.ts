/** `policy preview FILE`: this policy against today's accounts and open tickets. Writes nothing anywhere. */
import { existsSync } from "node:fs";
import { connectorSettings, deskSettings, openDesk } from "../assemble.ts";
import { systemClock } from "../clock.ts";
import { type Config, environment, readConfig } from "../config.ts";
import { arrOfMovers, type Mover, type PolicyPreview, previewOf } from "../console/preview.ts";
import { stillOpen } from "../console/preview-shown.ts";
import { ConfigProblem } from "../errors.ts";
import { silent } from "../log.ts";
import type { Policy } from "../policy/model.ts";
import { loadPolicy, policyInForce } from "../policy-in-force.ts";
import type { Store } from "../ports.ts";
import { onStore } from "./on-store.ts";
import { colours, complain, EXIT, say, sayJson, table } from "./terminal.ts";

/** Rows shown on a terminal; `--json` has all. */
const SHOWN = 50;

/** Shows who goes up and who goes down; exit 2 where the file is missing or has errors. */
export async function previewCommand(path: string, options: { readonly json?: boolean }): Promise<number> {
  if (!existsSync(path)) {
    complain(`There is no file ${path}.\nfix: Give the path of a policy file.`);
    return EXIT.usage;
  }
  const { policy: draft } = loadPolicy(path);
  return onStore(async (store, config) => {
    const now = systemClock.now();
    const published = config.policyFileExplicit ? null : store.console.policies;
    const current = await policyInForce(config.policyFile, store.register, silent, now, published);
    const { preview, note } = await worked(store, config, current, draft, now);
    if (options.json === true) sayJson(documentOf(preview, draft, note));
    else for (const line of linesOf(preview, draft, note)) say(line);
    return EXIT.fine;
  });
}

/** Open tickets are counted where the help desk can be asked; without its settings the rest is answered. */
async function worked(
  store: Store,
  config: Config,
  current: Policy,
  draft: Policy,
  now: number,
): Promise<{ readonly preview: PolicyPreview; readonly note: string | null }> {
  const desk = deskKnown() ? openDesk(config, current, systemClock) : null;
  const trouble = { silent: desk === null };
  const openTickets = async (ids: readonly string[]): Promise<ReadonlySet<string>> => {
    const open = desk === null ? null : await stillOpen(desk.port, ids);
    if (open === null) trouble.silent = true;
    return open ?? new Set();
  };
  try {
    const preview = await previewOf(
      { store, now, openTickets: desk === null ? null : openTickets },
      current,
      draft,
    );
    const note = trouble.silent ? "Open tickets are not counted: the help desk could not be asked." : null;
    return { preview: trouble.silent ? { ...preview, openTickets: null } : preview, note };
  } finally {
    desk?.stop();
  }
}

function deskKnown(): boolean {
  try {
    readConfig(environment(process.env), connectorSettings, deskSettings);
    return true;
  } catch (error) {
    if (error instanceof ConfigProblem) return false;
    throw error;
  }
}

function documentOf(preview: PolicyPreview, draft: Policy, note: string | null): object {
  const [up, down] = [preview.movers.filter((one) => one.up), preview.movers.filter((one) => !one.up)];
  const side = (list: readonly Mover[]) => ({
    count: list.length,
    arr: arrOfMovers(list),
    accounts: list.map(({ up: _up, ...one }) => one),
  });
  const { accounts, openTickets, cost } = preview;
  return { version: draft.version, accounts, up: side(up), down: side(down), openTickets, cost, note };
}

function linesOf(preview: PolicyPreview, draft: Policy, note: string | null): readonly string[] {
  const { movers, accounts, openTickets, cost } = preview;
  const side = (word: string, list: readonly Mover[]): readonly string[] => {
    const arr = arrOfMovers(list).map((one) => `${one.amount} ${one.currency}`);
    const head = `${list.length} ${word}${arr.length === 0 ? "" : `, ARR ${arr.join(" + ")}`}`;
    const more = list.length > SHOWN ? [`  and ${list.length - SHOWN} more (--json has all)`] : [];
    return [colours.bold(head), ...(list.length === 0 ? [] : [tableOf(list.slice(0, SHOWN))]), ...more];
  };
  return [
    ...side(
      "go up",
      movers.filter((one) => one.up),
    ),
    ...side(
      "go down",
      movers.filter((one) => !one.up),
    ),
    `${accounts} accounts worked out under version ${draft.version}.`,
    `Open tickets of those that move: ${openTickets ?? "not counted"}. Cost: ${cost.calls} calls, about ${cost.minutes} min.`,
    ...(note === null ? [] : [note]),
  ];
}

function tableOf(list: readonly Mover[]): string {
  return table(
    ["account", "customer", "tier", "basis", "ARR", "open"],
    list.map((one) => [
      one.accountId,
      one.name ?? "",
      `${one.from} → ${one.to}`,
      one.basis,
      one.arr === null ? "" : `${one.arr.amount} ${one.arr.currency ?? "?"}`,
      one.openTickets === null ? "" : String(one.openTickets),
    ]),
  );
}
