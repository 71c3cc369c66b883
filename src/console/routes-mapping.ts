/** Mapping: the CRM's fields, what they hold, what a choice would do. */

import { crmOf, fieldsOf, planValuesOf, samplesOf, viewOf } from "./mapping.ts";
import { mappingDraftOf } from "./mapping-draft.ts";
import { mappingPreviewOf, sampleIds } from "./mapping-preview.ts";
import { seesMoney } from "./money.ts";
import { ApiProblem } from "./problem.ts";
import { type ApiRoute, route } from "./route.ts";
import {
  crmFields,
  crmSamples,
  crmValues,
  mappingDraft,
  mappingPreview,
  mappingWish,
  sampleQuery,
  valuesQuery,
} from "./schemas-mapping.ts";
import { draft } from "./schemas-policy.ts";

const FIELDS_MAX = 50;
/** Records that a plan's values are counted over: twenty calls, at most every ten minutes. */
const COUNTED = 2_000;
/** A person waits for the answer. */
const PATIENCE_MS = 25_000;

/** Looking. */
const looking: readonly ApiRoute[] = [
  route({
    method: "get",
    path: "/crm/fields",
    access: "agent",
    tag: "mapping",
    summary: "Fields of the CRM with type, caution, and what is taken from them",
    answers: crmFields,
    handle: ({ parts }) => fieldsOf(parts),
  }),
  route({
    method: "get",
    path: "/crm/samples",
    access: "agent",
    tag: "mapping",
    summary: "What fields hold in the most recently changed records, and in how many",
    query: sampleQuery,
    answers: crmSamples,
    handle: async ({ parts, session }, { query }) => {
      const names = [...new Set(query.fields.split(",").map((name) => name.trim()))].filter(
        (one) => one !== "",
      );
      if (names.length === 0 || names.length > FIELDS_MAX)
        throw new ApiProblem(400, "bad_request", `Name 1 to ${FIELDS_MAX} fields.`, "Ask for fewer at once.");
      return samplesOf(parts, names, seesMoney(parts, session));
    },
  }),
  route({
    method: "get",
    path: "/crm/values",
    access: "agent",
    tag: "mapping",
    summary:
      "Values of a plan property, how many accounts have each, and the tier it gives; without a tier first",
    query: valuesQuery,
    answers: crmValues,
    handle: ({ parts }, { query }) =>
      planValuesOf(parts, query.property, (signal) =>
        sampleIds(parts.store, crmOf(parts).port, COUNTED, signal),
      ),
  }),
];

/** Trying. */
const trying: readonly ApiRoute[] = [
  route({
    method: "post",
    path: "/crm/draft",
    access: "admin",
    tag: "mapping",
    summary: "A policy's text with choices of the mapping written into it; nothing is kept",
    body: mappingWish,
    answers: mappingDraft,
    handle: async ({ parts }, { body }) => {
      const fields = await viewOf(parts).fields();
      const known = new Set(fields.value.map((one) => one.name));
      return mappingDraftOf(parts, body, crmOf(parts).port.name, known);
    },
  }),
  route({
    method: "post",
    path: "/crm/preview",
    access: "admin",
    tag: "mapping",
    summary:
      "What a draft's mapping would make of up to 500 real accounts, read afresh: who goes up and down",
    body: draft,
    answers: mappingPreview,
    handle: ({ parts, now }, { body }) =>
      mappingPreviewOf(parts, body.yaml, now, AbortSignal.timeout(PATIENCE_MS)),
  }),
];

/** Everything about mapping. */
export const mappingRoutes: readonly ApiRoute[] = [...looking, ...trying];
