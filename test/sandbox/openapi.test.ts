import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { servedRoutes } from "../../src/sandbox/zendesk.ts";

const file = process.env.ZENDESK_OPENAPI_FILE;

/** Families that Zendesk's own file leaves out. */
const NOT_IN_FILE = /^\/api\/v2\/(webhooks|business_hours|apps)(\/|$)/;

const shape = (pattern: string): string => pattern.replaceAll(/:\w+|\{\w+\}/g, "{}");

function published(path: string): ReadonlySet<string> {
  const { paths } = parse(readFileSync(path, "utf8")) as { paths: Record<string, Record<string, unknown>> };
  return new Set(
    Object.entries(paths).flatMap(([pattern, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${shape(pattern)}`),
    ),
  );
}

describe("the Zendesk sandbox serves nothing that Zendesk does not publish", () => {
  if (file === undefined) {
    test("NOT RUN: ZENDESK_OPENAPI_FILE is not set", () => {
      console.warn(
        "NOT RUN: set ZENDESK_OPENAPI_FILE to Zendesk's OpenAPI file to hold the sandbox against it",
      );
      expect(process.env.CI).toBeUndefined();
    });
    return;
  }
  const known = published(file);
  test.each(servedRoutes().filter(({ pattern }) => !NOT_IN_FILE.test(pattern)))(
    "$method $pattern is in the file",
    ({ method, pattern }) => {
      expect(known).toContain(`${method} ${shape(pattern)}`);
    },
  );
});
