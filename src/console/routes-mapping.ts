/** Mapping: the CRM's fields, what they hold, what a choice would do. */

import { crmOf, fieldsOf, mappingPreviewOf } from "./mapping.ts";
import { ApiProblem } from "./problem.ts";
import { type ApiRoute, route } from "./route.ts";
import { crmFields, crmSamples, draft, mappingPreview, sampleQuery } from "./schemas-policy.ts";

/** Records that samples and coverage are taken from. */
const SAMPLED = 500;
const FIELDS_MAX = 50;
/** A person waits for the answer. */
const PATIENCE_MS = 25_000;

/** Everything about mapping. */
export const mappingRoutes: readonly ApiRoute[] = [
  route({
    method: "get",
    path: "/crm/fields",
    access: "admin",
    tag: "mapping",
    summary: "Fields of the CRM with type, caution, and what is taken from them",
    answers: crmFields,
    handle: ({ parts }) => fieldsOf(parts),
  }),
  route({
    method: "get",
    path: "/crm/samples",
    access: "admin",
    tag: "mapping",
    summary: "What fields hold in the most recently changed records, and in how many",
    query: sampleQuery,
    answers: crmSamples,
    handle: async ({ parts }, { query }) => {
      const names = [...new Set(query.fields.split(",").map((name) => name.trim()))].filter(
        (one) => one !== "",
      );
      if (names.length === 0 || names.length > FIELDS_MAX)
        throw new ApiProblem(400, "bad_request", `Name 1 to ${FIELDS_MAX} fields.`, "Ask for fewer at once.");
      const { describeFields } = crmOf(parts).port;
      if (describeFields === undefined) return { looked: 0, samples: [] };
      const found = await describeFields(names, SAMPLED, AbortSignal.timeout(PATIENCE_MS));
      return {
        looked: Math.max(0, ...found.map((one) => one.looked)),
        samples: found.map(({ name, looked, filled, samples }) => ({
          name,
          looked,
          filled,
          coverage: looked === 0 ? null : Math.round((100 * filled) / looked),
          samples: [...samples],
        })),
      };
    },
  }),
  route({
    method: "post",
    path: "/crm/preview",
    access: "admin",
    tag: "mapping",
    summary: "What a draft's mapping would make of up to 200 real accounts, read afresh",
    body: draft,
    answers: mappingPreview,
    handle: ({ parts, now }, { body }) =>
      mappingPreviewOf(parts, body.yaml, now, AbortSignal.timeout(PATIENCE_MS)),
  }),
];
