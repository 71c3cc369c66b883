import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { connectorSettings } from "../../src/assemble.ts";
import { isSecret, ownSettings } from "../../src/config.ts";

interface Service {
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
  readonly healthcheck?: unknown;
  readonly read_only?: boolean;
}

interface Compose {
  readonly services: Readonly<Record<"service" | "postgres", Service>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

const textOf = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8");
const compose = parse(textOf("compose.yaml")) as Compose;

describe("the compose file", () => {
  const { service, postgres } = compose.services;

  test("sets only what the service reads, by its own names", () => {
    const known = [ownSettings, ...connectorSettings].flatMap((schema) => Object.keys(schema.shape));
    const plain = Object.keys(service.environment).map((name) => name.replace(/_FILE$/, ""));
    expect(plain.filter((name) => !known.includes(name))).toEqual([]);
  });

  test("holds no secret itself: each comes from a file that the service or the database is given", () => {
    for (const { environment, secrets } of [service, postgres]) {
      const open = Object.keys(environment).filter((name) => isSecret(name));
      expect(open).toEqual([]);
      const named = Object.values(environment).flatMap(
        (value) => /^\/run\/secrets\/(.+)$/.exec(value)?.[1] ?? [],
      );
      expect([...named].sort()).toEqual([...secrets].sort());
    }
    expect(Object.keys(compose.secrets).sort()).toEqual([...service.secrets, ...postgres.secrets].sort());
  });

  test("keeps the folder of secrets out of the image and out of git", () => {
    const folders = new Set(
      Object.values(compose.secrets).map(({ file }) => file.split("/").slice(0, -1).join("/")),
    );
    expect([...folders]).toEqual(["./secrets"]);
    expect(textOf(".gitignore")).toMatch(/^\/secrets\/$/m);
    expect(textOf(".dockerignore")).not.toMatch(/^!secrets/m);
  });

  test("waits for a healthy database and leaves the service a read-only root", () => {
    expect(postgres.healthcheck).toMatchObject({ test: expect.arrayContaining(["pg_isready"]) });
    expect(service.read_only).toBe(true);
  });
});
