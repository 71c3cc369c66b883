/** How large the programme is, as people see it. */
import { percent, shareText } from "./figures.ts";
import type { LimitedShare, LimitVerdict, ProgrammeShare } from "./programme.ts";
import type { Cell, ShownPart, Tone } from "./shown.ts";

const VERDICTS: Readonly<Record<LimitVerdict, { readonly text: string; readonly tone: Tone }>> = {
  below: { text: "below the limit", tone: "good" },
  near: { text: "near the limit", tone: "doubt" },
  at_limit: { text: "at the limit", tone: "doubt" },
  over: { text: "over the limit", tone: "bad" },
  no_limit: { text: "no limit planned", tone: "quiet" },
  no_data: { text: "nothing to count", tone: "quiet" },
};

/** Said first only where it is near its limit or beyond. */
export function programmeSentence({ accounts, tickets }: ProgrammeShare): readonly Cell[] {
  return [["accounts", accounts] as const, ["tickets", tickets] as const].flatMap(
    ([what, one]): readonly Cell[] => {
      if (one.share.share === null || one.limit === null || ["below", "no_limit"].includes(one.verdict))
        return [];
      const { hits, n, share } = one.share;
      return [
        {
          text: `Priority support takes ${hits} of ${n} ${what}, ${percent(share)}: ${VERDICTS[one.verdict].text} of ${percent(one.limit)}.`,
          tone: VERDICTS[one.verdict].tone,
        },
      ];
    },
  );
}

/** Accounts and tickets above the default tier, against the policy's limits. */
export function programmePart(
  programme: ProgrammeShare,
  id = "programme",
  title = "How large the programme is",
): ShownPart {
  const rows = [
    ["accounts", "Served accounts above the default tier", programme.accounts],
    ["tickets", "Tickets of the window above the default tier", programme.tickets],
  ] as const;
  return {
    id,
    title,
    about: "When everybody is a priority, nobody is. Limits: capacity_assumptions.programme_limits.",
    plot: null,
    table: {
      head: ["What", "Priority", "All", "Share (95%)", "Limit", "Verdict"],
      figures: [1, 2, 3, 4],
      rows: rows.map(([, what, one]) => cellsOf(what, one)),
      empty: "",
    },
    data: rows.map(([what, , { share, limit, verdict }]) => ({
      what,
      hits: share.hits,
      n: share.n,
      share: share.share,
      low: share.interval?.low ?? null,
      high: share.interval?.high ?? null,
      limit,
      verdict,
    })),
  };
}

function cellsOf(what: string, { share, limit, verdict }: LimitedShare): readonly Cell[] {
  return [
    what,
    String(share.hits),
    String(share.n),
    shareText(share),
    limit === null ? "–" : percent(limit),
    VERDICTS[verdict],
  ];
}
