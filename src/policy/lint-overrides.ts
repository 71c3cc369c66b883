/** Lint rules about human exceptions: each ends, and within the longest time allowed. */
import type { LintRule } from "./lint-context.ts";
import { problem } from "./policy-findings.ts";

const DAY_MS = 24 * 3_600_000;

/** Every override says when it ends. */
export const overrideWithoutExpiry: LintRule = ({ policy }) =>
  policy.overrides.items.flatMap((item, index) => {
    if (item.expiresAt !== null) return [];
    const path = ["overrides", "items", index, "expires_at"];
    const message = `the override ${JSON.stringify(item.id)} has no end, so it would never be in force`;
    return [problem("override_without_expiry", path, message, "Add `expires_at` with the moment it ends.")];
  });

/** No override lasts longer than `overrides.max_days`. */
export const overrideTooLong: LintRule = ({ policy }) =>
  policy.overrides.items.flatMap((item, index) => {
    const { maxDays } = policy.overrides;
    if (item.expiresAt === null || item.expiresAt - (item.startsAt ?? item.createdAt) <= maxDays * DAY_MS)
      return [];
    const path = ["overrides", "items", index, "expires_at"];
    const message = `the override ${JSON.stringify(item.id)} lasts longer than ${maxDays} days`;
    return [
      problem(
        "override_too_long",
        path,
        message,
        `End it within ${maxDays} days and renew it when it is still right.`,
      ),
    ];
  });
