/** The policy: look, lint, preview, publish, compare, roll back. */
import { z } from "zod";
import { lineDiff } from "./line-diff.ts";
import type { ConsoleParts } from "./parts.ts";
import { currentText, draftOf } from "./policy-text.ts";
import { previewShown } from "./preview-shown.ts";
import { notFound } from "./problem.ts";
import { publish, rollBack } from "./publish.ts";
import { type ApiRoute, route } from "./route.ts";
import { pathId } from "./schemas.ts";
import {
  diff,
  diffQuery,
  draft,
  linted,
  policyText,
  policyVersion,
  policyVersions,
  preview,
  published,
  publishWish,
  rollBackWish,
} from "./schemas-policy.ts";
import { iso, tierShown } from "./shown.ts";

const VERSIONS = 100;

/** Reading and comparing. */
const looking: readonly ApiRoute[] = [
  route({
    method: "get",
    path: "/policy",
    access: "agent",
    tag: "policy",
    summary: "The newest policy as YAML, with what the linter says",
    answers: policyText,
    handle: async ({ parts }) => {
      const text = await currentText(parts);
      const { policy, findings } = parts.lint(text.yaml);
      const running = parts.policy.policy();
      return {
        ...text,
        effectiveFrom: policy?.effectiveFrom ?? null,
        readOnly: parts.policySource.explicit,
        findings: [...findings],
        inForce: running.version === text.version,
        tiers: (policy ?? running).tiers.map((tier) => tierShown(tier.id, policy ?? running)),
      };
    },
  }),
  route({
    method: "get",
    path: "/policy/versions",
    access: "agent",
    tag: "policy",
    summary: "Versions that are kept, newest first",
    answers: policyVersions,
    handle: async ({ parts }) => {
      const current = parts.policy.policy().version;
      const rows = await parts.store.console.policies.list(VERSIONS);
      return {
        versions: rows.map(({ version, effectiveFrom, storedAt }) => ({
          version,
          effectiveFrom,
          storedAt: iso(storedAt),
          current: version === current,
        })),
      };
    },
  }),
  route({
    method: "get",
    path: "/policy/versions/{version}",
    access: "agent",
    tag: "policy",
    summary: "One version as YAML",
    params: z.object({ version: pathId }),
    answers: policyVersion,
    handle: async ({ parts }, { params }) => {
      const { version, content, effectiveFrom, storedAt } = await versionOf(parts, params.version);
      return { version, yaml: content, effectiveFrom, storedAt: iso(storedAt) };
    },
  }),
  route({
    method: "get",
    path: "/policy/diff",
    access: "agent",
    tag: "policy",
    summary: "Two versions line by line",
    query: diffQuery,
    answers: diff,
    handle: async ({ parts }, { query }) => {
      const [from, to] = await Promise.all([versionOf(parts, query.from), versionOf(parts, query.to)]);
      return { from: from.version, to: to.version, lines: [...lineDiff(from.content, to.content)] };
    },
  }),
];

async function versionOf(parts: ConsoleParts, version: string) {
  const kept = await parts.store.console.policies.get(version);
  if (kept === null) throw notFound(`There is no version ${version}.`, "See the list of versions.");
  return kept;
}

/** Changing. */
const changing: readonly ApiRoute[] = [
  route({
    method: "post",
    path: "/policy/lint",
    access: "agent",
    tag: "policy",
    summary: "Everything that is wrong or doubtful in a draft",
    body: draft,
    answers: linted,
    handle: async (_call, { body }) => {
      const { policy, findings } = draftOf(body.yaml);
      const ok = findings.every((one) => one.severity !== "error");
      return { version: policy?.version ?? null, findings: [...findings], ok };
    },
  }),
  route({
    method: "post",
    path: "/policy/preview",
    access: "admin",
    tag: "policy",
    summary: "What a draft would do: who goes up, who goes down, with money, open tickets and calls",
    body: draft,
    answers: preview,
    handle: ({ parts, now }, { body }) => previewShown(parts, body.yaml, now),
  }),
  route({
    method: "post",
    path: "/policy/publish",
    access: "admin",
    tag: "policy",
    summary: "Makes a draft the policy, unless somebody was faster (409)",
    body: publishWish,
    answers: published,
    handle: async ({ parts, who }, { body }) => {
      const made = await publish(parts, body, who);
      return { ...made, restartNeeded: [...made.restartNeeded] };
    },
  }),
  route({
    method: "post",
    path: "/policy/roll-back",
    access: "admin",
    tag: "policy",
    summary: "Makes an earlier version the policy again",
    body: rollBackWish,
    answers: published,
    handle: async ({ parts, who }, { body }) => {
      const made = await rollBack(parts, body, who);
      return { ...made, restartNeeded: [...made.restartNeeded] };
    },
  }),
];

/** Everything about the policy. */
export const policyRoutes: readonly ApiRoute[] = [...looking, ...changing];
