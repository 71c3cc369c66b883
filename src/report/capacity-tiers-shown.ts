/** Places of tiers, who waits for one, and TAMs, as people see them. */
import type { CapacityReport, TierLoad } from "./capacity.ts";
import { amountText } from "./figures.ts";
import type { Cell, ShownPart } from "./shown.ts";
import type { TamLoad } from "./tam-load.ts";

/** Accounts per tier against its places. */
export function tiersPart(tiers: readonly TierLoad[]): ShownPart {
  return {
    id: "tiers",
    title: "Places of the tiers",
    about:
      "Served accounts by tier, and by what they have it. A contractual place (plan, add-on) is never refused.",
    plot: null,
    table: {
      head: ["Tier", "Accounts", "Places", "Waiting", "By"],
      figures: [1, 2, 3],
      rows: tiers.map(tierCells),
      empty: "The policy has no tiers.",
    },
    data: tiers.map(({ tier, accounts, maxAccounts, waiting }) => ({
      tier,
      accounts,
      max_accounts: maxAccounts,
      waiting,
    })),
  };
}

function tierCells({ tierName, accounts, maxAccounts, waiting, byBasis }: TierLoad): readonly Cell[] {
  const over = maxAccounts !== null && accounts > maxAccounts;
  return [
    tierName,
    over ? { text: String(accounts), tone: "doubt" } : String(accounts),
    maxAccounts === null ? "no limit" : String(maxAccounts),
    String(waiting),
    Object.entries(byBasis)
      .map(([basis, n]) => `${basis} ${n}`)
      .join(", ") || "–",
  ];
}

/** Who stands on a waiting list, where, and why. */
export function waitingPart({ waiting, frame }: CapacityReport): ShownPart {
  return {
    id: "waiting",
    title: "Who waits for a place",
    about: "In the order in which places are given: who has the tier already, then ARR, then id.",
    plot: null,
    table: {
      head: ["Place", "Account", "Waits for", "Has", "ARR", "Why"],
      figures: [0, 4],
      rows: waiting.map((one) => [
        String(one.place),
        one.name ?? one.accountId,
        one.tier,
        one.has,
        amountText(one.arr, null),
        one.why,
      ]),
      empty: "Nobody waits.",
    },
    data: waiting.map(({ accountId, name, tier, has, place, arr, places, bought }) => ({
      account: accountId,
      account_name: name,
      tier,
      has,
      place,
      arr: arr === null ? null : Number(arr),
      places,
      bought,
      as_of: frame.madeAt,
    })),
  };
}

/** Accounts of each TAM against the policy's number. */
export function tamPart({ accounts, needed, accountsPerTam, tams, without }: TamLoad): ShownPart {
  const each =
    accountsPerTam === null
      ? "The policy states no number of accounts for a TAM."
      : `At most ${accountsPerTam} accounts each.`;
  return {
    id: "tams",
    title: "Technical account managers",
    about: `${accounts} accounts have a named TAM in their tier; ${needed === null ? "" : `that takes ${needed.toFixed(1)} TAMs. `}${each}`,
    plot: null,
    table: {
      head: ["TAM", "Accounts", ""],
      figures: [1],
      rows: [
        ...tams.map(({ tam, accounts: n, over }): readonly Cell[] => [
          tam,
          String(n),
          over ? { text: "too many", tone: "bad" } : "",
        ]),
        ...(without.length === 0
          ? []
          : [
              [
                "nobody",
                String(without.length),
                {
                  text: without
                    .slice(0, 8)
                    .map((one) => one.name ?? one.accountId)
                    .join(", "),
                  tone: "doubt" as const,
                },
              ],
            ]),
      ],
      empty: "No account has a tier with a named TAM.",
    },
    data: [
      ...tams.map(({ tam, accounts: n, over }) => ({
        tam,
        accounts: n,
        over,
        account: null,
        account_name: null,
      })),
      ...without.map(({ accountId, name }) => ({
        tam: null,
        accounts: 1,
        over: null,
        account: accountId,
        account_name: name,
      })),
    ],
  };
}
