import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { endpoints } from "../../connectors/zendesk/endpoints.ts";
import { settings, zendeskLimits } from "../../connectors/zendesk/index.ts";

describe("Settings and limits", () => {
  test.each([
    ["https://acme.zendesk.com", true],
    ["http://127.0.0.1:4010", true],
    ["http://acme.zendesk.com", false],
    ["https://acme.zendesk.com/agent", false],
    ["acme.zendesk.com", false],
  ])("the address %s is accepted: %s", (url, accepted) => {
    expect(settings.partial().safeParse({ ZENDESK_URL: url }).success).toBe(accepted);
  });

  test("every setting says what it is for, and every limit where it comes from", () => {
    for (const [name, schema] of Object.entries(settings.shape)) {
      expect([name, (schema.description ?? "").length > 20]).toEqual([name, true]);
    }
    for (const limit of [zendeskLimits.account, ...Object.values(zendeskLimits.classes)])
      expect(limit.source).toMatch(/^https:\/\/developer\.zendesk\.com\/.*read 2026-11-22/);
  });
});

describe("Zendesk's published OpenAPI file", () => {
  const file = process.env.ZENDESK_OPENAPI_FILE;

  test("knows every call we make", () => {
    if (file === undefined || file === "") {
      if (process.env.CI) throw new Error("set ZENDESK_OPENAPI_FILE: this check must run in CI");
      process.stderr.write(
        "NOT RUN: calls against Zendesk's OpenAPI file (ZENDESK_OPENAPI_FILE is not set)\n",
      );
      return;
    }
    const { paths } = parse(readFileSync(file, "utf8"), { maxAliasCount: -1 }) as {
      readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    };
    const shape = (path: string): string => path.replace(/\{[^}]+\}/g, "{}");
    const known = new Set(
      Object.entries(paths).flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => `${method.toUpperCase()} ${shape(path)}`),
      ),
    );
    const unknown = Object.values(endpoints)
      .map(({ method, path }) => `${method} ${shape(path)}`)
      // Zendesk's file leaves its webhook, app and business-hours endpoints out; every other call must be in it.
      .filter((call) => !known.has(call) && !/ \/api\/v2\/(?:webhooks|apps|business_hours)(\/|$)/.test(call));
    expect(unknown).toEqual([]);
  });
});
