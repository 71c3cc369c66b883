/** Lint rules about people: everybody who should hear can, and somebody stands in for whoever is away. */
import { doubtful, type LintRule } from "./lint-context.ts";
import type { People } from "./model.ts";
import { problem } from "./policy-findings.ts";
import { foldedName } from "./text-fold.ts";

/** Share of a target from which people hear of it by default. */
const AT_RISK = 0.75;

function memberAt(people: People, email: string): People["members"][string] | null {
  return Object.hasOwn(people.members, email) ? (people.members[email] ?? null) : null;
}

/** Nobody is their own back-up, directly or around a corner. */
export const backupCycle: LintRule = ({ policy: { people } }) =>
  Object.keys(people?.members ?? {}).flatMap((email) => {
    if (people === null) return [];
    const line = [email];
    let next = memberAt(people, email)?.backup ?? null;
    while (next !== null && !line.includes(next)) {
      line.push(next);
      next = memberAt(people, next)?.backup ?? null;
    }
    if (next !== email) return [];
    const message =
      line.length === 1
        ? `${email} is their own back-up`
        : `${line.join(" → ")} → ${email}: the back-ups go round in a circle`;
    const fix = "Name somebody as back-up who does not come back to the same person.";
    return [problem("backup_cycle", ["people", "members", email, "backup"], message, fix)];
  });

/** Nobody comes back before they leave. */
export const awayInverted: LintRule = ({ policy: { people } }) =>
  Object.entries(people?.members ?? {}).flatMap(([email, { away }]) =>
    away.flatMap(({ from, to }, index) => {
      if (from <= to) return [];
      const path = ["people", "members", email, "away", index];
      return [problem("away_inverted", path, `${email} is away from ${from} to ${to}`, "Swap the two days.")];
    }),
  );

/** Somebody stands in for whoever is away. */
export const awayWithoutBackup: LintRule = ({ policy: { people } }) =>
  Object.entries(people?.members ?? {}).flatMap(([email, { away, backup }]) => {
    if (away.length === 0 || backup !== null) return [];
    const message = `${email} is away and nobody hears in their place`;
    const path = ["people", "members", email, "backup"];
    return [doubtful("away_without_backup", path, message, "Name a back-up for that time.")];
  });

/** Every tier above the default one has somebody who hears of its clocks. */
export const tierWithoutLead: LintRule = ({ policy }) => {
  const { people } = policy;
  if (people === null || people.lead.length > 0) return [];
  const lowest = policy.tiers.find((tier) => tier.id === policy.defaultTier)?.rank ?? 0;
  return policy.tiers.flatMap((tier) => {
    const own = Object.hasOwn(people.leads, tier.id) ? people.leads[tier.id] : undefined;
    if (tier.rank <= lowest || (own?.length ?? 0) > 0) return [];
    const message = `${tier.id} has no lead: of its clocks at most the account manager hears`;
    const fix = `Add \`${tier.id}: <e-mail address>\` to people.leads, or name a people.lead for all tiers.`;
    return [doubtful("tier_without_lead", ["people", "leads"], message, fix)];
  });
};

/** Every step of the escalation that customers are told of reaches a person. */
export const escalationUnmapped: LintRule = ({ policy: { people, terms } }) => {
  if (people === null) return [];
  const known = Object.keys(people.roles);
  return (terms?.escalation ?? []).flatMap(({ at, to }, index) => {
    if (at < AT_RISK || known.includes(foldedName(to))) return [];
    const message = `customers are told that ${JSON.stringify(to)} hears at ${at * 100} % of a target, and people.roles does not say who that is`;
    const fix = `Add \`${to}: <e-mail address>\` to people.roles; until then the tier's lead hears.`;
    return [doubtful("escalation_unmapped", ["terms", "escalation", index, "to"], message, fix)];
  });
};
