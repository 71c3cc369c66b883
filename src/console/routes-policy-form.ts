/** The policy's tiers as a form over the text of a draft, and the schema's help. Nothing is kept. */
import { pathText } from "../policy/policy-findings.ts";
import { underOwnVersion } from "./draft-version.ts";
import { type FormChange, formOf, withChange } from "./policy-form.ts";
import { pathAt } from "./policy-help.ts";
import { refused } from "./problem.ts";
import { type ApiRoute, route } from "./route.ts";
import { draft } from "./schemas-policy.ts";
import { formChange, helpWish, keyHelp, policyForm } from "./schemas-policy-form.ts";

/** @throws ApiProblem 422 the text does not let it be written there */
function changed(yaml: string, change: FormChange): string {
  try {
    return withChange(yaml, change);
  } catch {
    throw refused([
      {
        what: "This cannot be written into the text from here.",
        fix: "Change it in the YAML: an anchor or an error there stands in the way.",
      },
    ]);
  }
}

/** Form and help. */
export const policyFormRoutes: readonly ApiRoute[] = [
  route({
    method: "post",
    path: "/policy/form",
    access: "agent",
    tag: "policy",
    summary: "The tiers of a draft as fields of a form, with the schema's help",
    body: draft,
    answers: policyForm,
    handle: async ({ parts }, { body }) => ({
      yaml: body.yaml,
      tiers: sent(formOf(body.yaml, parts.policyHelp)),
    }),
  }),
  route({
    method: "post",
    path: "/policy/form/change",
    access: "admin",
    tag: "policy",
    summary: "A draft's text with one field changed, comments and layout kept, under a version of its own",
    body: formChange,
    answers: policyForm,
    handle: async ({ parts }, { body }) => {
      const made = changed(body.yaml, body);
      const yaml = made === body.yaml ? made : await underOwnVersion(made, parts.store.console.policies);
      return { yaml, tiers: sent(formOf(yaml, parts.policyHelp)) };
    },
  }),
  route({
    method: "post",
    path: "/policy/help",
    access: "agent",
    tag: "policy",
    summary: "What the schema says of the key that stands at a place of the text",
    body: helpWish,
    answers: keyHelp,
    handle: async ({ parts }, { body }) => {
      const path = pathAt(body.yaml, body.at);
      const help = path.length === 0 ? null : parts.policyHelp(path);
      const { description = "", options = [], usual = null, keys = [] } = help ?? {};
      return {
        path: pathText(path),
        known: help !== null,
        description,
        options: [...options],
        usual,
        keys: [...keys],
      };
    },
  }),
];

function sent(tiers: ReturnType<typeof formOf>) {
  return (
    tiers?.map((tier) => ({
      ...tier,
      fields: tier.fields.map((field) => ({
        ...field,
        value: [...field.value],
        options: [...field.options],
        paths: [...field.paths],
      })),
    })) ?? null
  );
}
