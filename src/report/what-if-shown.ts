/** A moved door, as people see it: before it is moved. */
import { CAPACITY_VERDICTS, teamSentence, utilisationPart } from "./capacity-teams-shown.ts";
import { amountText, counted, percent } from "./figures.ts";
import { programmePart } from "./programme-shown.ts";
import type { Cell, ShownPart } from "./shown.ts";
import type { Moved, WhatIf } from "./what-if.ts";

const VERBS = { fits: "fits", tight: "is tight", does_not_fit: "does not fit" } as const;

/** The answer to "what if", before anything else. */
export function whatIfSentences(it: WhatIf | null, objective: number): readonly Cell[] {
  if (it === null) return [];
  const { tone } = CAPACITY_VERDICTS[it.verdict];
  const doors = it.doors
    .map(
      (door) =>
        `${door.tierName} from an ARR of ${amountText(door.amount, null)} instead of ${door.before === null ? "no ARR at all" : amountText(door.before, null)}`,
    )
    .join(" and ");
  const moved = [
    `${it.up.length} would go up`,
    ...(it.down.length === 0 ? [] : [`${it.down.length} down`]),
    ...(it.waiting.length === 0 ? [] : [`${it.waiting.length} would have to wait`]),
  ].join(", ");
  const verdict =
    it.verdict === "unknown"
      ? "no planned team would have more"
      : `for the teams that get more it ${VERBS[it.verdict]}`;
  const grown = it.teams.filter((team) =>
    team.tiers.some(({ id }) => it.tiers.some((one) => one.tier === id && one.after !== one.before)),
  );
  return [
    { text: `What if: ${doors}. Of ${counted(it.n, "account")} ${moved}; ${verdict}.`, tone },
    ...grown
      .filter((team) => team.planned !== null)
      .map(
        (team): Cell => ({
          text: `Then ${wordsOfTeam(teamSentence(team, objective, "that came in, taken further"))}`,
          tone: CAPACITY_VERDICTS[team.verdict].tone,
        }),
      ),
    ...(it.programme.accounts.share.share === null
      ? []
      : [
          `Then priority support takes ${percent(it.programme.accounts.share.share)} of ${counted(it.programme.accounts.share.n, "account")}.`,
        ]),
  ];
}

function wordsOfTeam(cell: Cell): string {
  return typeof cell === "string" ? cell : cell.text;
}

/** Who moves, who waits, and the teams afterwards. */
export function whatIfParts(it: WhatIf | null, _objective: number): readonly ShownPart[] {
  if (it === null) return [];
  const rows = [
    ...it.up.map((one) => ({ ...one, how: "goes up" })),
    ...it.down.map((one) => ({ ...one, how: "goes down" })),
    ...it.waiting.map((one) => ({ ...one, how: "waits" })),
  ];
  return [
    {
      id: "what_if_accounts",
      title: "What if: who moves",
      about:
        "Worked out from today's facts, with every place given as the waiting lists give it. Nothing is changed.",
      plot: null,
      table: {
        head: ["Account", "From", "To", "ARR", ""],
        figures: [3],
        rows: rows.map(cellsOf),
        empty: "Nobody moves.",
      },
      data: rows.map(({ accountId, name, from, to, arr, how }) => ({
        account: accountId,
        account_name: name,
        from,
        to,
        arr: arr === null ? null : Number(arr),
        how,
      })),
    },
    utilisationPart(it.teams, "what_if_utilisation", "What if: work against capacity, a month"),
    programmePart(it.programme, "what_if_programme", "What if: how large the programme is"),
  ];
}

function cellsOf({ accountId, name, from, to, arr, how }: Moved & { readonly how: string }): readonly Cell[] {
  const tone = how === "waits" ? "doubt" : how === "goes up" ? "good" : "bad";
  return [name ?? accountId, from, to, amountText(arr, null), { text: how, tone }];
}
