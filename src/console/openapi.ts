/** The OpenAPI 3.1 description, made from the very table that answers. */
import { z } from "zod";
import type { ApiRoute } from "./route.ts";
import { problem } from "./schemas.ts";

type Json = Readonly<Record<string, unknown>>;

/** The whole description. Schemas with an id of their own stand under `components`. */
export function openApi(table: readonly ApiRoute[]): Json {
  const components = new Map<string, Json>();
  const paths: Record<string, Record<string, Json>> = {};
  for (const one of table) {
    const methods = paths[one.path] ?? {};
    methods[one.method] = operation(one, components);
    paths[one.path] = methods;
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "priority-support",
      version: "1",
      description:
        "The JSON API behind the console. Moments are ISO 8601 in UTC. Every call that is not a GET carries the header x-priority-support.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/api/v1" }],
    security: [{ cookie: [] }, { bearer: [] }],
    paths,
    components: {
      securitySchemes: {
        cookie: { type: "apiKey", in: "cookie", name: "__Host-ps_session" },
        bearer: { type: "http", scheme: "bearer" },
      },
      schemas: Object.fromEntries([...components].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    },
  };
}

function operation(one: ApiRoute, components: Map<string, Json>): Json {
  const body = one.body === null ? null : schemaOf(one.body, "input", components);
  const own = one.method === "get" ? [] : [OWN_HEADER];
  return {
    operationId: operationId(one),
    summary: one.summary,
    tags: [one.tag],
    "x-access": one.access,
    ...(one.access === "anyone" ? { security: [] } : {}),
    parameters: [
      ...own,
      ...parametersOf(one.params, "path", components),
      ...parametersOf(one.query, "query", components),
    ],
    ...(body === null
      ? {}
      : { requestBody: { required: true, content: { "application/json": { schema: body } } } }),
    responses: {
      200: {
        description: "Done",
        content: contentOf(one, components),
      },
      default: {
        description: "What is wrong, and what to do",
        content: { "application/json": { schema: schemaOf(problem, "output", components) } },
      },
    },
  };
}

function contentOf({ answers, files }: ApiRoute, components: Map<string, Json>): Json {
  if (answers !== null) return { "application/json": { schema: schemaOf(answers, "output", components) } };
  return Object.fromEntries(files.map((type) => [type, { schema: { type: "string" } }]));
}

const OWN_HEADER: Json = {
  name: "x-priority-support",
  in: "header",
  required: true,
  schema: { type: "string", example: "1" },
};

/** `get /customers/{id}` → `getCustomersById`. */
function operationId({ method, path }: ApiRoute): string {
  const words = path
    .replaceAll(/\{(\w+)\}/g, "by-$1")
    .split(/[/.-]/)
    .filter((word) => word !== "");
  return method + words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("");
}

function parametersOf(
  schema: z.ZodObject | null,
  place: "path" | "query",
  components: Map<string, Json>,
): readonly Json[] {
  if (schema === null) return [];
  const whole = schemaOf(schema, "input", components);
  const properties = (whole.properties ?? {}) as Readonly<Record<string, Json>>;
  const required = new Set((whole.required ?? []) as readonly string[]);
  return Object.entries(properties).map(([name, one]) => ({
    name,
    in: place,
    required: place === "path" || required.has(name),
    schema: one,
  }));
}

/** JSON schema with its named parts moved to `components`. */
function schemaOf(schema: z.ZodType, io: "input" | "output", components: Map<string, Json>): Json {
  const made = z.toJSONSchema(schema, {
    target: "draft-2020-12",
    io,
    unrepresentable: "any",
    reused: "inline",
  });
  const { $schema: _draft, $defs, ...rest } = made as Record<string, unknown>;
  const named = ($defs ?? {}) as Readonly<Record<string, Json>>;
  for (const [name, one] of Object.entries(named)) components.set(name, moved(one));
  const { id } = rest;
  if (typeof id !== "string") return moved(rest);
  components.set(id, moved(rest));
  return { $ref: `#/components/schemas/${id}` };
}

/** References point into `components`, and a part's id is its key there. */
function moved(part: Json): Json {
  const text = JSON.stringify(part).replaceAll('"#/$defs/', '"#/components/schemas/');
  const { id: _id, ...rest } = JSON.parse(text) as Record<string, unknown>;
  return rest;
}
