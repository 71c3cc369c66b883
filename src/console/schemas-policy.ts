/** Policy drafts, versions and what a draft would do; CRM fields to choose from. */
import { z } from "zod";
import { accountRef, finding, moment, money, tier } from "./schemas.ts";

const YAML_MAX = 1024 * 1024;
/** A policy's text. */
export const policyYaml = z.string().max(YAML_MAX);
const yaml = policyYaml;

/** The policy that decides, as text. */
export const policyText = z
  .object({
    version: z.string(),
    yaml,
    hash: z.string(),
    effectiveFrom: z.string().nullable(),
    readOnly: z.boolean(),
    from: z.enum(["file", "console", "nowhere"]).meta({ description: "nowhere = there is none yet" }),
    findings: z.array(finding),
    inForce: z.boolean().meta({ description: "false = it begins later" }),
    tiers: z.array(tier),
  })
  .meta({ id: "PolicyText" });

export const draft = z.object({ yaml });
export const linted = z
  .object({ version: z.string().nullable(), findings: z.array(finding), ok: z.boolean() })
  .meta({ id: "Linted" });

/** One account that would change. */
const mover = z
  .object({
    account: accountRef,
    from: tier,
    to: tier,
    basis: z.string(),
    arr: money.nullable(),
    openTickets: z.number().int().nullable().meta({ description: "null = the help desk was not asked" }),
  })
  .meta({ id: "Mover" });

/** What a draft would do to today's accounts. Lists hold at most 500 of each, the most money first. */
export const preview = z
  .object({
    version: z.string().nullable(),
    findings: z.array(finding),
    accounts: z.number().int().meta({ description: "Worked out" }),
    up: z.object({ count: z.number().int(), arr: z.array(money), accounts: z.array(mover) }),
    down: z.object({ count: z.number().int(), arr: z.array(money), accounts: z.array(mover) }),
    tickets: z.object({
      open: z.number().int().nullable(),
      note: z.string(),
    }),
    cost: z.object({
      calls: z.number().int().meta({ description: "Calls to the help desk and the CRM" }),
      minutes: z.number().meta({ description: "At the limits of the upstreams" }),
    }),
    restartNeeded: z.array(z.string()),
  })
  .meta({ id: "PolicyPreview" });

export const publishWish = z.object({
  yaml,
  base: z.string().max(200).meta({ description: "Version the draft was made from" }),
});
export const published = z
  .object({
    version: z.string(),
    inForce: z.boolean(),
    restartNeeded: z.array(z.string()),
  })
  .meta({ id: "Published" });
export const rollBackWish = z.object({ version: z.string().max(200), base: z.string().max(200) });

/** Versions the store keeps, newest first. */
export const policyVersions = z
  .object({
    versions: z.array(
      z.object({
        version: z.string(),
        effectiveFrom: z.string().nullable(),
        storedAt: moment,
        current: z.boolean(),
      }),
    ),
  })
  .meta({ id: "PolicyVersions" });
export const policyVersion = z
  .object({ version: z.string(), yaml, effectiveFrom: z.string().nullable(), storedAt: moment })
  .meta({ id: "PolicyVersion" });

/** Lines of two texts side by side. */
export const diffQuery = z.object({ from: z.string().max(200), to: z.string().max(200) });
export const diff = z
  .object({
    from: z.string(),
    to: z.string(),
    lines: z.array(z.object({ kind: z.enum(["same", "added", "removed"]), text: z.string() })),
  })
  .meta({ id: "PolicyDiff" });
