/**
 * Environment → one frozen configuration. Every problem is found before anything starts and told in one message,
 * under the name the admin typed, with where the right value comes from.
 */
import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { z } from "zod";
import { ConfigProblem } from "./errors.ts";

/** The settings of one connector, handed in by main: this file knows no product by name. */
export type SettingsSchema = z.ZodObject<Record<string, z.ZodType<string | undefined>>>;

export interface Config {
  readonly policyFile: string;
  /** POLICY_FILE was set: the file is the truth. */
  readonly policyFileExplicit: boolean;
  readonly databaseUrl: string;
  readonly host: string;
  readonly port: number;
  /** Address under which the outside reaches us, without a trailing slash; null = not set. */
  readonly publicUrl: string | null;
  readonly logLevel: string;
  /** Share of every plan's API limit left to other apps, 0–1. */
  readonly headroom: number;
  /** A plain setting by its environment name; null = not set or blank. */
  readonly text: (name: string) => string | null;
  /**
   * A secret by its environment name, from NAME or the file in NAME_FILE; files are read again every minute, and at
   * once after `rereadSecrets()`. null = not set or blank.
   */
  readonly secret: (name: string) => string | null;
  readonly rereadSecrets: () => void;
}

const REREAD_MS = 60_000;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\]|::1)$/;

/** The service's own settings; the README's table is generated from the descriptions. */
export const ownSettings = z.object({
  POLICY_FILE: z.string().default("policy.yaml").describe("The policy file"),
  DATABASE_URL: z
    .string()
    .regex(/^(sqlite:.+|postgres(ql)?:\/\/.+)$/, "must begin with sqlite: or postgres://")
    .default("sqlite:./data/priority-support.db")
    .describe(
      "Where everything durable is kept: `sqlite:PATH`, or `postgres://…` to share work between instances",
    ),
  HOST: z.string().min(1).default("127.0.0.1").describe("Address to listen on"),
  PORT: z.coerce.number().int().min(0).max(65535).default(8080).describe("Port to listen on"),
  PUBLIC_URL: z
    .string()
    .optional()
    .describe(
      "Address under which Zendesk and HubSpot reach this service, for example `https://support.acme.example`",
    ),
  LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"])
    .default("info")
    .describe("How much is logged"),
  API_HEADROOM: z.coerce
    .number()
    .min(0, "must be a percentage from 0 to 90")
    .max(90, "must be a percentage from 0 to 90")
    .default(10)
    .describe("Percentage of Zendesk's and HubSpot's API limits that is left to your other apps"),
  METRICS_TOKEN: z
    .string()
    .optional()
    .describe("Bearer token for `/metrics`; unset: only direct loopback callers"),
});

/** Is this host name the machine itself? */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

/** The process's environment with `.env` of the working folder under it (the environment wins). */
export function environment(
  env: NodeJS.ProcessEnv,
  dotEnvPath = ".env",
): Readonly<Record<string, string | undefined>> {
  if (!existsSync(dotEnvPath)) return env;
  return { ...parseEnv(readFileSync(dotEnvPath, "utf8")), ...env };
}

/**
 * Reads and checks every setting.
 *
 * @param required names that must be there for what is about to run.
 * @throws ConfigProblem with all problems at once.
 */
export function readConfig(
  env: Readonly<Record<string, string | undefined>>,
  connectors: readonly SettingsSchema[],
  required: readonly string[] = [],
  now: () => number = Date.now,
): Config {
  const filled = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ""),
  );
  const problems: { what: string; fix: string }[] = [];
  const secret = secretReader(filled, now, problems);
  const own = ownSettings.safeParse({ ...filled, ...databaseFrom(secret.read) });
  if (!own.success) problems.push(...problemsOf(own.error, ownSettings));
  for (const schema of connectors) {
    const parsed = schema.partial().safeParse(withFiles(filled, schema, secret.read));
    if (!parsed.success) problems.push(...problemsOf(parsed.error, schema));
    problems.push(...plainHttp(filled, schema));
  }
  problems.push(...missing(required, filled, connectors));
  if (!own.success || problems.length > 0) throw new ConfigProblem(problems);
  return freeze(own.data, filled, secret);
}

function freeze(
  own: z.infer<typeof ownSettings>,
  filled: Readonly<Record<string, string | undefined>>,
  secret: { read: (name: string) => string | null; forget: () => void },
): Config {
  return Object.freeze({
    policyFile: own.POLICY_FILE,
    policyFileExplicit: filled.POLICY_FILE !== undefined,
    databaseUrl: own.DATABASE_URL,
    host: own.HOST,
    port: own.PORT,
    publicUrl: own.PUBLIC_URL?.replace(/\/+$/, "") ?? null,
    logLevel: own.LOG_LEVEL,
    headroom: own.API_HEADROOM / 100,
    text: (name: string) => filled[name]?.trim() ?? null,
    secret: secret.read,
    rereadSecrets: secret.forget,
  });
}

function secretReader(
  env: Readonly<Record<string, string | undefined>>,
  now: () => number,
  problems: { what: string; fix: string }[],
): { read: (name: string) => string | null; forget: () => void } {
  const kept = new Map<string, { value: string | null; readAt: number }>();
  const fromFile = (name: string, path: string): string | null => {
    const known = kept.get(name);
    if (known !== undefined && now() - known.readAt < REREAD_MS) return known.value;
    try {
      const text = readFileSync(path, "utf8").trim();
      kept.set(name, { value: text === "" ? null : text, readAt: now() });
    } catch {
      // While a secret is being replaced its file may be away for a moment: the last value stays good.
      kept.set(name, { value: known?.value ?? null, readAt: now() });
    }
    return kept.get(name)?.value ?? null;
  };
  for (const [key, path] of Object.entries(env)) {
    if (!key.endsWith("_FILE") || key === "POLICY_FILE" || path === undefined) continue;
    if (isSecret(key.slice(0, -5)) && fromFile(key.slice(0, -5), path) === null)
      problems.push({
        what: `${key}: no secret can be read from the file it names.`,
        fix: `Make the file readable for the service and put the secret into it, or set ${key.slice(0, -5)} itself.`,
      });
  }
  return {
    read: (name) => {
      const path = env[`${name}_FILE`];
      if (path !== undefined) return fromFile(name, path);
      const value = env[name]?.trim();
      return value === undefined || value === "" ? null : value;
    },
    forget: () => {
      for (const [name, value] of kept) kept.set(name, { ...value, readAt: Number.NEGATIVE_INFINITY });
    },
  };
}

/** The database's address holds a password, so it may come from a file like every secret. */
function databaseFrom(read: (name: string) => string | null): Record<string, string> {
  const address = read("DATABASE_URL");
  return address === null ? {} : { DATABASE_URL: address };
}

/** Does this setting hold something that must never be shown? */
export function isSecret(name: string): boolean {
  return /(TOKEN|SECRET|PASSWORD|WEBHOOK_URL|DATABASE_URL|SQL_URL|SMTP_URL)$/.test(name);
}

function withFiles(
  env: Readonly<Record<string, string | undefined>>,
  schema: SettingsSchema,
  read: (name: string) => string | null,
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const value = isSecret(name) ? read(name) : env[name];
    if (value !== null && value !== undefined) values[name] = value.trim();
  }
  return values;
}

function plainHttp(
  env: Readonly<Record<string, string | undefined>>,
  schema: SettingsSchema,
): { what: string; fix: string }[] {
  return Object.keys(schema.shape).flatMap((name) => {
    const value = env[name];
    if (!name.endsWith("_URL") || isSecret(name) || value === undefined || !URL.canParse(value)) return [];
    const url = new URL(value);
    if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname))) return [];
    return [
      {
        what: `${name}: ${url.protocol}// is not accepted for ${url.hostname}; a token would travel readably.`,
        fix: `Set ${name} to the https:// address.`,
      },
    ];
  });
}

function missing(
  required: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  connectors: readonly SettingsSchema[],
): { what: string; fix: string }[] {
  return required
    .filter(
      (names) =>
        !names.split("|").some((name) => env[name] !== undefined || env[`${name}_FILE`] !== undefined),
    )
    .map((names) => {
      const first = names.split("|")[0] ?? names;
      const described = connectors
        .map((schema) => schema.shape[first]?.description)
        .find((text) => text !== undefined);
      return {
        what: `${names.replaceAll("|", " or ")} is not set.`,
        fix: `Set ${first}${described === undefined ? "" : `: ${described}`}.`,
      };
    });
}

function problemsOf(error: z.ZodError, schema: z.ZodObject): { what: string; fix: string }[] {
  return error.issues.map((issue) => {
    const name = String(issue.path[0] ?? "settings");
    const described = (schema.shape[name] as z.ZodType | undefined)?.description;
    return {
      what: `${name}: ${issue.message}.`,
      fix: `Correct ${name}${described === undefined ? "" : ` (${described})`}.`,
    };
  });
}
