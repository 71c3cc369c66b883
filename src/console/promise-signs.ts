/** Signs that a team is stretched, or that priorities creep up: how often decisions said so. */
import type { z } from "zod";
import type { DecisionRecord } from "../ports.ts";
import type { promises } from "./schemas-promises.ts";

type Signs = z.input<typeof promises>["signs"];

/** Reasons of each sign. */
const REASONS: Readonly<Record<keyof Signs, readonly string[]>> = {
  overflow: ["group_overflow", "group_offline"],
  afterHours: ["group_after_hours"],
  unavailable: ["group_all_unavailable"],
  raised: ["priority_keyword"],
  capped: ["priority_ceiling"],
};

/** Tickets of each sign among these decisions, the newest of each ticket. */
export function signsOf(records: readonly DecisionRecord[]): Signs {
  const count = (codes: readonly string[]): number =>
    records.filter(({ decision }) => decision.reasons.some((code) => codes.includes(code))).length;
  return {
    overflow: count(REASONS.overflow),
    afterHours: count(REASONS.afterHours),
    unavailable: count(REASONS.unavailable),
    raised: count(REASONS.raised),
    capped: count(REASONS.capped),
  };
}
