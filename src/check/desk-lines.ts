/** Who are we to the help desk, how late is its clock, what is left of its limits? Pure. */
import type { DeskPulse, DeskShape } from "../ports.ts";
import { broken, type CheckLine, doubtful, fine } from "./line.ts";

/** What only an administrator may do (Zendesk's OpenAPI file and role pages, read 2026-11-22). */
const ADMIN_ONLY = "reading all organizations, SLA policies and webhooks, and writing organization fields";

/** The role of the token's user. */
export function roleLine({ me }: Pick<DeskShape, "me">): CheckLine {
  if (me.role === "admin") return fine("desk", "token", `an administrator (user ${me.id})`);
  return broken(
    "desk",
    "token",
    `It belongs to user ${me.id} with the role ${me.role}; ${ADMIN_ONLY} need an administrator.`,
    "Make an API token for a user with the role Administrator and set ZENDESK_EMAIL and ZENDESK_API_TOKEN.",
  );
}

const CLOCK_DOUBTFUL_MS = 30_000;
/** Deliveries whose stamp is off by five minutes are flagged; a minute is kept in hand. */
const CLOCK_BROKEN_MS = 240_000;
/** Below this share of a limit tickets begin to wait. */
const LOW = 0.1;

/** The desk's clock against ours, and the budgets it states. */
export function pulseLines({ aheadMs, budgets }: DeskPulse): readonly CheckLine[] {
  const low = budgets.filter((one) => one.limit > 0 && one.remaining < one.limit * LOW);
  const shown = budgets.map((one) => `${one.name} ${one.remaining} of ${one.limit}`).join(", ");
  const budget =
    low.length === 0
      ? fine("desk", "API budget", shown === "" ? "the account states none" : `left: ${shown}`)
      : doubtful(
          "desk",
          "API budget",
          `Nearly used up: ${low.map((one) => `${one.name} ${one.remaining} of ${one.limit}`).join(", ")}.`,
          "Find out which other integration uses it (Admin Center > Apps and integrations > APIs > API usage).",
        );
  return [clockLine(aheadMs), budget];
}

function clockLine(aheadMs: number | null): CheckLine {
  const name = "clock";
  if (aheadMs === null) return fine("desk", name, "the help desk does not tell the time");
  const off = Math.abs(aheadMs);
  const words = `${Math.round(off / 1000)} s ${aheadMs > 0 ? "behind" : "ahead of"} the help desk's`;
  if (off <= CLOCK_DOUBTFUL_MS) return fine("desk", name, "agrees with the help desk's");
  const fix = "Set this machine's time by NTP.";
  return off < CLOCK_BROKEN_MS
    ? doubtful("desk", name, `This machine's clock is ${words}.`, fix)
    : broken("desk", name, `This machine's clock is ${words}: every webhook looks old.`, fix);
}
