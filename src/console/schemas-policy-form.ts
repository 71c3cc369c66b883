/** Tiers as a form, and what the schema says of a key. */
import { z } from "zod";
import { FORM_KEYS } from "./policy-form.ts";
import { policyYaml as yaml } from "./schemas-policy.ts";

const TIERS_MAX = 1_000;
const VALUES_MAX = 1_000;

const field = z.object({
  key: z.enum(FORM_KEYS),
  kind: z
    .enum(["text", "amount", "choice", "choices"])
    .meta({ description: "choice = one of the options; choices = any of them" }),
  value: z.array(z.string()).meta({ description: "Empty = not written" }),
  options: z.array(z.string()),
  usual: z.string().nullable().meta({ description: "What counts while nothing is written" }),
  help: z.string(),
  paths: z.array(z.string()).meta({ description: "Findings at these, or below, are about the field" }),
});

/** The tiers of a draft as a form. */
export const policyForm = z
  .object({
    yaml,
    tiers: z
      .array(
        z.object({
          id: z.string(),
          name: z.string(),
          path: z.string(),
          fields: z.array(field),
        }),
      )
      .nullable()
      .meta({ description: "null = the text cannot be read as tiers; the linter says why" }),
  })
  .meta({ id: "PolicyForm" });

export const formChange = z.object({
  yaml,
  tier: z.int().nonnegative().max(TIERS_MAX).meta({ description: "Place in the text, from 0" }),
  key: z.enum(FORM_KEYS),
  value: z.array(z.string().max(1_000)).max(VALUES_MAX).meta({ description: "Empty = take it out" }),
});

export const helpWish = z.object({
  yaml,
  at: z.int().nonnegative().meta({ description: "Characters before the cursor" }),
});

/** What the schema says of the key that the cursor stands on. */
export const keyHelp = z
  .object({
    path: z.string().meta({ description: "Empty = on no key" }),
    known: z.boolean().meta({ description: "false = the schema knows no such key" }),
    description: z.string(),
    options: z.array(z.string()),
    usual: z.string().nullable().meta({ description: "As JSON" }),
    keys: z.array(z.string()).meta({ description: "That can stand below it" }),
  })
  .meta({ id: "PolicyKeyHelp" });
