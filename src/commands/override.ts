/** `override add|list|end`: human exceptions, those of the policy file shown beside those of the store. */
import { randomUUID } from "node:crypto";
import { DateTime } from "luxon";
import { systemClock } from "../clock.ts";
import {
  addOverride,
  endOverride,
  type ListedOverride,
  listOverrides,
  type OverrideProblem,
} from "../overrides.ts";
import { moment, onStore, policyOf } from "./on-store.ts";
import { complain, EXIT, say, sayJson, table } from "./terminal.ts";

export interface OverrideAddOptions {
  readonly account: string;
  readonly kind: string;
  readonly tier: string;
  readonly reason: string;
  readonly approvedBy: string;
  readonly starts?: string;
  readonly expires: string;
  readonly json?: boolean;
}

export interface OverrideListOptions {
  readonly account?: string;
  readonly history?: boolean;
  readonly json?: boolean;
}

/** Keeps a new override; exit 2 with every problem when it cannot be. */
export function overrideAddCommand(options: OverrideAddOptions): Promise<number> {
  return onStore(async (store, config) => {
    const policy = await policyOf(store, config);
    const wish = {
      accountId: options.account,
      kind: options.kind,
      tier: options.tier,
      reason: options.reason,
      approvedBy: options.approvedBy,
      starts: options.starts ?? null,
      expires: options.expires,
    };
    const id = `ov-${randomUUID().slice(0, 8)}`;
    const made = await addOverride(store, policy, wish, id, systemClock.now());
    if ("problems" in made) return refuse(made.problems);
    const { accountId, kind, tier, expiresAt } = made.override;
    if (options.json === true) sayJson(made.override);
    else
      say(
        `${id}: ${accountId} ${kind} ${tier} until ${moment(expiresAt ?? 0)}. New tickets follow it at once, the help desk's record and the CRM's label at the next sync.`,
      );
    return EXIT.fine;
  });
}

/** Shows what is in force or comes; with `history` also what is over. */
export function overrideListCommand(options: OverrideListOptions): Promise<number> {
  return onStore(async (store, config) => {
    const policy = await policyOf(store, config);
    const { account } = options;
    const rows = (await listOverrides(store, policy, systemClock.now()))
      .filter((one) => options.history === true || one.state !== "over")
      .filter((one) => account === undefined || [account, `hubspot:${account}`].includes(one.accountId));
    if (options.json === true) sayJson({ overrides: rows.map(asJson) });
    else if (rows.length === 0) say("There is no override.");
    else
      say(
        table(
          ["id", "account", "what and when", "approved by: reason"],
          rows.map((one) => cells(one, policy.timezone)),
        ),
      );
    return EXIT.fine;
  });
}

/** Ends an override now; it stays in the history. */
export function overrideEndCommand(
  id: string,
  options: { readonly by?: string; readonly json?: boolean },
): Promise<number> {
  return onStore(async (store, config) => {
    const policy = await policyOf(store, config);
    const problem = await endOverride(store, policy, id, options.by ?? null, systemClock.now());
    if (problem !== null) return refuse([problem]);
    if (options.json === true) sayJson({ ended: id });
    else say(`${id} has ended. New tickets follow at once, both sides at the next sync.`);
    return EXIT.fine;
  });
}

function refuse(problems: readonly OverrideProblem[]): number {
  for (const { what, fix } of problems) complain(`${what}\nfix: ${fix}`);
  return EXIT.usage;
}

function cells(one: ListedOverride, zone: string): readonly string[] {
  const end = one.endedAt ?? one.expiresAt;
  const state = one.endedAt === null ? one.state : `ended${one.endedBy === null ? "" : ` by ${one.endedBy}`}`;
  const start = day(one.startsAt ?? one.createdAt, zone);
  const when = end === null ? "never in force" : `${start} – ${day(end - 1, zone)}`;
  return [
    one.id,
    one.accountId,
    `${one.kind} ${one.tier}, ${when}, ${one.from === "store" ? state : `${state} (policy file)`}`,
    `${one.approvedBy}: ${one.reason}`,
  ];
}

/** The day in the policy's zone. The end is the first moment that no longer counts: one before it is the last day. */
function day(at: number, zone: string): string {
  return DateTime.fromMillis(at, { zone }).toISODate() ?? moment(at).slice(0, 10);
}

function asJson(one: ListedOverride): object {
  const text = (at: number | null): string | null => (at === null ? null : moment(at));
  const { createdAt, startsAt, expiresAt, endedAt } = one;
  return {
    ...one,
    createdAt: moment(createdAt),
    startsAt: text(startsAt),
    expiresAt: text(expiresAt),
    endedAt: text(endedAt),
  };
}
