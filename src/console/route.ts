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
  /** Shape of the JSON it answers; null = files, of the types in `files`. */
  readonly answers: z.ZodType | null;
  /** Media types of the files it answers; empty where it answers JSON. */
  readonly files: readonly string[];
  /** Parses, does the work, checks its own answer: something to be written as JSON, or text that is written already. @throws ApiProblem */
  readonly run: (call: ApiCall, raw: RawInput) => Promise<RouteAnswer>;
}

/** What a route answers: a value, or text as it is to be sent. */
export type RouteAnswer = { readonly value: unknown } | WrittenAnswer;

/** Text that was written, and checked, elsewhere: in another thread, because it is long. */
export interface WrittenAnswer {
  readonly text: string;
  readonly type: string;
  /** Name under which a browser keeps it; null = it is not kept but read. */
  readonly fileName: string | null;
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
    return { value: answers.parse(await spec.handle(call, input)) };
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
    files: [],
    run,
  };
}

interface WrittenSpec<P extends z.ZodObject, Q extends z.ZodObject>
  extends Pick<ApiRoute, "path" | "access" | "tag" | "summary" | "answers" | "files"> {
  readonly params: P;
  readonly query: Q;
  readonly handle: (
    call: ApiCall,
    input: { readonly params: z.output<P>; readonly query: z.output<Q> },
  ) => Promise<WrittenAnswer>;
}

/** Makes a route that only reads, and whose answer comes as text; whoever writes it has checked it. */
export function writtenRoute<P extends z.ZodObject, Q extends z.ZodObject>(
  spec: WrittenSpec<P, Q>,
): ApiRoute {
  const { handle, ...rest } = spec;
  return {
    ...rest,
    method: "get",
    body: null,
    run: (call, raw) =>
      handle(call, {
        params: read(spec.params, raw.params, "address") as z.output<P>,
        query: read(spec.query, raw.query, "query") as z.output<Q>,
      }),
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
