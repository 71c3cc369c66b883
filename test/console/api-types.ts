/**
 * The types of the console's client, made from the API's own description: `node test/console/api-types.ts --write`.
 * Lives beside the tests because what it needs is not installed with the product.
 */
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { compile, type JSONSchema } from "json-schema-to-typescript";

type Json = Readonly<Record<string, unknown>>;
type Operation = {
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema: Json;
  }[];
  readonly requestBody?: { readonly content: Json };
  readonly responses: { readonly 200: { readonly content: Json } };
};

/** Where the types stand. */
export const typesFile = fileURLToPath(new URL("../../src/console/ui/api.d.ts", import.meta.url));

/** The text of the types: one member of `Api` for each operation, named `get /overview`. */
export async function apiTypes(description: Json): Promise<string> {
  const { paths, components } = description as {
    paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
    components: { readonly schemas: Json };
  };
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => [`${method} ${path}`, shapeOf(one)] as const),
  );
  const root = {
    ...object(
      Object.fromEntries(operations),
      operations.map(([name]) => name),
    ),
    components,
  } as JSONSchema;
  return compile(strictly(root), "Api", {
    bannerComment: "/** Made from the API's description by test/console/api-types.ts; do not edit. */",
    additionalProperties: false,
    unreachableDefinitions: false,
    style: { printWidth: 110 },
  });
}

function shapeOf(one: Operation): Json {
  const of = (place: string): Json => {
    const mine = (one.parameters ?? []).filter((p) => p.in === place);
    return object(
      Object.fromEntries(mine.map((p) => [p.name, p.schema])),
      mine.filter((p) => p.required).map((p) => p.name),
    );
  };
  return object(
    {
      params: of("path"),
      query: of("query"),
      body: schemaIn(one.requestBody?.content),
      answer: schemaIn(one.responses[200].content),
    },
    ["params", "query", "body", "answer"],
  );
}

function schemaIn(content: Json | undefined): Json {
  const json = content?.["application/json"] as { readonly schema: Json } | undefined;
  return json?.schema ?? { type: "null" };
}

function object(properties: Json, required: readonly string[]): Json {
  return { type: "object", properties, required, additionalProperties: false };
}

/** Numbers keep their plain name and no bound becomes a tuple: the types say shapes, the service checks bounds. */
function strictly(part: JSONSchema): JSONSchema {
  return JSON.parse(
    JSON.stringify(part, (key, value: unknown) =>
      ["maxItems", "minItems", "title", "default"].includes(key) && typeof value !== "object"
        ? undefined
        : value,
    ),
  ) as JSONSchema;
}

if (process.argv.includes("--write")) {
  const { apiDescription } = await import("../../src/console/routes.ts");
  await writeFile(typesFile, await apiTypes(apiDescription()));
}
