/** One route of the API as data: what it takes, what it answers, who may call it, and what it does. */
import { z } from "zod";
import type { ConsoleRole, ConsoleSession } from "../ports.ts";
import type { ConsoleParts } from "./parts.ts";
import { ApiProblem } from "./problem.ts";

/** Who may call a route: everybody, whoever is signed in, or admins. */
export type Access = "anyone" | ConsoleRole;

/** What a handler is given besides its input. */
export interface ApiCall {
  readonly parts: ConsoleParts;
  /** null only where anyone may call. */
  readonly session: ConsoleSession | null;
  readonly now: number;
  /** Who acts, for the history. */
  readonly who: string;
  /** The CRM's last confirmation of what is answered, for the header `Facts-Age`. */
  readonly facts: (at: number | null) => void;
  /** Hands the browser a new session, or (null) takes it away. */
  readonly keepSession: (secret: string | null) => void;
}

/** A request as it came in, not looked at yet. */
export interface RawInput {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/** A route whose types are its own business. */
export interface ApiRoute {
  readonly method: "get" | "post" | "put" | "delete";
  /** As OpenAPI writes it, below `/api/v1`: `/decisions/{id}`. */
  readonly path: string;
  readonly access: Access;
  readonly tag: string;
  readonly summary: string;
  readonly params: z.ZodObject | null;
  readonly query: z.ZodObject | null;
  readonly body: z.ZodType | null;
  readonly answers: z.ZodType;
  /** Parses, does the work, checks its own answer. @throws ApiProblem */
  readonly run: (call: ApiCall, raw: RawInput) => Promise<unknown>;
}

const nothing = z.object({});

interface Spec<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType, A extends z.ZodType>
  extends Pick<ApiRoute, "method" | "path" | "access" | "tag" | "summary"> {
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly answers: A;
  readonly handle: (
    call: ApiCall,
    input: { readonly params: z.output<P>; readonly query: z.output<Q>; readonly body: z.output<B> },
  ) => Promise<z.input<A>>;
}

/** Makes a route: its input is parsed before, and its answer after the work, so nothing undeclared goes in or out. */
export function route<
  P extends z.ZodObject = typeof nothing,
  Q extends z.ZodObject = typeof nothing,
  B extends z.ZodType = typeof nothing,
  A extends z.ZodType = z.ZodType,
>(spec: Spec<P, Q, B, A>): ApiRoute {
  const { method, path, access, tag, summary, answers } = spec;
  const run: ApiRoute["run"] = async (call, raw) => {
    const input = {
      params: read(spec.params ?? nothing, raw.params, "address") as z.output<P>,
      query: read(spec.query ?? nothing, raw.query, "query") as z.output<Q>,
      body: read(spec.body ?? nothing, spec.body === undefined ? {} : raw.body, "body") as z.output<B>,
    };
    return answers.parse(await spec.handle(call, input));
  };
  return {
    method,
    path,
    access,
    tag,
    summary,
    params: spec.params ?? null,
    query: spec.query ?? null,
    body: spec.body ?? null,
    answers,
    run,
  };
}

function read(schema: z.ZodType, value: unknown, where: string): unknown {
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const details = parsed.error.issues.slice(0, 20).map((issue) => ({
    path: [where, ...issue.path.map(String)].join("."),
    message: issue.message,
  }));
  throw new ApiProblem(
    400,
    "bad_request",
    `The request's ${where} is not as described: ${details.map((one) => `${one.path}: ${one.message}`).join("; ")}.`,
    "Compare it with /api/v1/openapi.json.",
    details,
  );
}
