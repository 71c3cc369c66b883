/** Codes in the words of an agent: reasons, bases, flags. */
import type { Basis, Policy } from "./model.ts";
import { BASIS_WORDS, FACT_WORDS, FLAG_WORDS, REASON_WORDS, STATUS_WORDS } from "./word-table.ts";

function wordOf(table: Readonly<Record<string, string>>, key: string): string | null {
  return Object.hasOwn(table, key) ? (table[key] ?? null) : null;
}

/** A code nobody wrote words for, still readable: `some_code` → "Some code." */
function spelledOut(code: string): string {
  const words = code.replaceAll("_", " ").trim();
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;
}

/** The name of a tier, or its id where the policy has no such tier (any more). */
function tierName(id: string, policy: Policy): string {
  return policy.tiers.find((tier) => tier.id === id)?.name ?? id;
}

/** The sentence for a reason code, with its parameter after `:` (`grant_plan:pro` → "The plan gives Pro."). */
export function inWords(reason: string, policy: Policy): string {
  const colon = reason.indexOf(":");
  const code = colon === -1 ? reason : reason.slice(0, colon);
  const parameter = colon === -1 ? "" : reason.slice(colon + 1);
  const sentence = wordOf(REASON_WORDS, code);
  if (sentence === null) return spelledOut(reason.replace(":", " "));
  const what = wordOf(STATUS_WORDS, parameter) ?? wordOf(FACT_WORDS, parameter) ?? parameter;
  return sentence.replace("{tier}", () => tierName(parameter, policy)).replace("{what}", () => what);
}

/**
 * What a reason is told with in any language: its code without parameter, and what its sentence is filled with: `tier` = the
 * tier's name, `what` = a status, a fact or another parameter as its code (`status_gate:on_hold` → on_hold).
 */
export function reasonParts(
  reason: string,
  policy: Policy,
): { readonly code: string; readonly args: Readonly<Record<string, string>> } {
  const [code = "", ...rest] = reason.split(":");
  const parameter = rest.join(":");
  const sentence = wordOf(REASON_WORDS, code) ?? "";
  return {
    code,
    args: {
      ...(sentence.includes("{tier}") ? { tier: tierName(parameter, policy) } : {}),
      ...(sentence.includes("{what}") ? { what: parameter } : {}),
    },
  };
}

/** Whether a reason code, with or without parameter, has a sentence of its own. */
export function hasWords(reason: string): boolean {
  return wordOf(REASON_WORDS, reason.split(":")[0] ?? "") !== null;
}

/** What the words for a basis are filled with: `tier` = the default tier's name, where they name it. */
export function basisArgs(basis: Basis, policy: Policy): Readonly<Record<string, string>> {
  return BASIS_WORDS[basis].includes("{tier}") ? { tier: tierName(policy.defaultTier, policy) } : {};
}

/** What a tier rests on: `arr` → "the annual revenue with us". */
export function basisInWords(basis: Basis, policy: Policy): string {
  return BASIS_WORDS[basis].replace("{tier}", () => tierName(policy.defaultTier, policy));
}

/** A flag without the policy's prefix: `ps_vip` → vip. */
export function bareFlag(flag: string, policy: Policy): string {
  return flag.startsWith(policy.prefix) ? flag.slice(policy.prefix.length) : flag;
}

/** What a flag tells an agent; `flag` comes with or without the policy's prefix. */
export function flagInWords(flag: string, policy: Policy): string {
  const bare = bareFlag(flag, policy);
  return wordOf(FLAG_WORDS, bare) ?? spelledOut(bare);
}

/** A fact as an agent would say it: `contractEnd` → "the contract's end". */
export function factInWords(fact: string): string {
  return wordOf(FACT_WORDS, fact) ?? fact;
}
