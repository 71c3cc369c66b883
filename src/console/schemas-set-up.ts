/** Set-up: where it stands, the plan as people read it, and what is under way. */
import { z } from "zod";
import { checkLine, moment } from "./schemas.ts";
import { switches } from "./schemas-overview.ts";

/** The steps in their order. */
export const SET_UP_STEPS = [
  "credentials",
  "policy",
  "check",
  "apply",
  "simulate",
  "live",
  "canary",
] as const;

const stepName = z.enum(SET_UP_STEPS);

const setting = z
  .object({
    name: z.string(),
    about: z.string().meta({ description: "What it is and where its value is found" }),
    state: z.enum(["set", "missing", "refused"]),
    needed: z.boolean(),
    isSecret: z.boolean().meta({ description: "NAME_FILE may name a file that holds it" }),
    why: z.string().nullable(),
    fix: z.string().nullable(),
  })
  .meta({ id: "Setting", description: "Never with its value" });

const left = z.object({ what: z.string(), why: z.string(), fix: z.string().nullable() });

const applyState = z
  .object({
    state: z.enum(["never", "running", "interrupted", "unfinished", "done"]),
    startedAt: moment.nullable(),
    endedAt: moment.nullable(),
    by: z.string().nullable(),
    done: z.number().int(),
    total: z.number().int().nullable(),
    runId: z.string().nullable(),
    left: z.array(left),
    secret: z
      .enum(["known", "written", "shown", "hidden"])
      .nullable()
      .meta({ description: "Has the service the webhook's secret? hidden = no; null = not looked at" }),
    applied: z
      .object({ version: z.string(), at: moment })
      .nullable()
      .meta({ description: "Policy that was applied to the end; null = none" }),
  })
  .meta({ id: "ApplyState" });

const station = z.enum(["ticket", "webhook", "decision", "write", "sla"]);
const canaryState = z
  .object({
    state: z.enum(["running", "passed", "missed"]),
    at: moment,
    by: z.string(),
    ticketId: z.string().nullable(),
    reached: z.array(z.object({ station, detail: z.string() })),
    missed: z.object({ station, detail: z.string(), fix: z.string() }).nullable(),
  })
  .meta({ id: "CanaryState" });

const barred = z
  .object({ message: z.string(), fix: z.string() })
  .meta({ id: "Barred", description: "Why it can not be done now, and what to do" });

/** Where set-up stands. */
export const setUp = z
  .object({
    mode: z.enum(["setup", "serve"]),
    step: stepName.nullable().meta({ description: "The first that is not done; null = all are" }),
    steps: z.array(z.object({ name: stepName, done: z.boolean() })),
    settings: z.array(setting),
    policy: z.object({
      version: z.string(),
      from: z.enum(["file", "console", "nowhere"]),
      file: z.string().nullable().meta({ description: "POLICY_FILE; null = it is not set" }),
      tiers: z.array(z.string()),
      errors: z.number().int(),
      warnings: z.number().int(),
      restartNeeded: z.array(z.string()),
    }),
    check: z.object({ at: moment.nullable(), isReached: z.boolean(), lines: z.array(checkLine) }),
    apply: applyState,
    applyBarred: barred.nullable(),
    switches,
    simulated: z.number().int().meta({ description: "Simulated decisions among the newest 200" }),
    canary: canaryState.nullable(),
    canaryBarred: barred.nullable(),
    canaryRequester: z.string(),
  })
  .meta({ id: "SetUp" });

export const planQuery = z.object({ adopt: z.enum(["never", "when_needed"]).default("never") });

/** What `apply` would do. */
export const planShown = z
  .object({
    digest: z.string(),
    steps: z.number().int(),
    barred: z.boolean().meta({ description: "The token's user is no administrator" }),
    blocked: z.number().int(),
    calls: z.number().int(),
    minutes: z.number(),
    actions: z.array(z.object({ action: z.string(), count: z.number().int() })),
    lines: z.array(z.object({ tone: z.enum(["plain", "good", "change", "bad", "faint"]), text: z.string() })),
  })
  .meta({ id: "ProvisionPlan" });

export const applyWish = z.object({
  adopt: z.enum(["never", "when_needed"]),
  digest: z.string().max(100).meta({ description: "Of the plan that was looked at" }),
  simulate: z.boolean().meta({ description: "Simulate tickets from before the first step on" }),
});

export const canaryWish = z.object({
  requester: z.email().max(254).optional().meta({ description: "In whose name the test ticket is made" }),
});

export const firstPolicyText = z.object({ yaml: z.string() }).meta({ id: "FirstPolicy" });
