/** Calls of the JSON API, typed by its own description. Every failure carries what to do next. */
import { type QueryClient, type QueryKey, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Api } from "./api.d.ts";

/** `get /overview`, `post /guard/{runId}/approve`, … */
export type Operation = keyof Api;
export type Answer<O extends Operation> = Api[O]["answer"];
/** What an operation takes; parts that are empty can be left out. */
export type Input<O extends Operation> = {
  readonly [Part in "params" | "query" | "body" as keyof Api[O][Part] extends never
    ? never
    : Part]: Api[O][Part];
};
/** Operations that only read. */
export type Reading = Extract<Operation, `get ${string}`>;

/** A call that was not answered as hoped. `status` 0 = the service did not answer at all. */
export class CallFailed extends Error {
  override readonly name = "CallFailed";
  readonly status: number;
  readonly code: string;
  readonly fix: string;
  readonly details: readonly { readonly path: string; readonly message: string }[];
  constructor(
    status: number,
    problem: {
      readonly error: string;
      readonly message: string;
      readonly fix: string;
      readonly details?: CallFailed["details"];
    },
  ) {
    super(problem.message);
    this.status = status;
    this.code = problem.error;
    this.fix = problem.fix;
    this.details = problem.details ?? [];
  }
}

/** In Zendesk's frame there are no cookies; the page itself carries the session, and only there. */
const bearer = document.querySelector<HTMLMetaElement>('meta[name="ps-session"]')?.content ?? null;
const DEADLINE_MS = 30_000;
/** A report over years is made in a minute. */
const FILE_DEADLINE_MS = 120_000;

/** Headers that say who calls, and that it is this page. */
export function ownHeaders(): Readonly<Record<string, string>> {
  return {
    accept: "application/json",
    "x-priority-support": "1",
    ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
  };
}

/** Calls an operation; what writes many records may be given more time. @throws CallFailed */
export async function call<O extends Operation>(
  operation: O,
  input: Input<O>,
  deadlineMs = DEADLINE_MS,
): Promise<Answer<O>> {
  return (await ask(operation, input, deadlineMs)).answer;
}

/** The answer, and how far the service's clock is ahead of the browser's, ms; null = it did not say. */
async function ask<O extends Operation>(
  operation: O,
  input: Input<O>,
  deadlineMs = DEADLINE_MS,
): Promise<{ readonly answer: Answer<O>; readonly aheadMs: number | null }> {
  const { params, query, body } = input as Loose;
  const [method = "get", path = ""] = operation.split(" ");
  const response = await fetch(`/api/v1${addressOf(path, params, query)}`, {
    method: method.toUpperCase(),
    credentials: "same-origin",
    headers: body === undefined ? ownHeaders() : { ...ownHeaders(), "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(deadlineMs),
  }).catch(() => {
    throw new CallFailed(0, unreachable);
  });
  const answer: unknown = await response.json().catch(() => unreachable);
  if (!response.ok) throw new CallFailed(response.status, answer as typeof unreachable);
  const told = Date.parse(response.headers.get("service-time") ?? "");
  return { answer: answer as Answer<O>, aheadMs: Number.isNaN(told) ? null : told - Date.now() };
}

/** A file below `/api/v1`, and the name it is kept under. @throws CallFailed */
export async function fetchFile(
  path: string,
  query: Loose["query"],
): Promise<{ readonly name: string; readonly content: Blob }> {
  const response = await fetch(`/api/v1${addressOf(path, {}, query)}`, {
    credentials: "same-origin",
    headers: ownHeaders(),
    signal: AbortSignal.timeout(FILE_DEADLINE_MS),
  }).catch(() => {
    throw new CallFailed(0, unreachable);
  });
  if (!response.ok)
    throw new CallFailed(
      response.status,
      (await response.json().catch(() => unreachable)) as typeof unreachable,
    );
  const named = /filename="?([^";]+)"?/.exec(response.headers.get("content-disposition") ?? "");
  return { name: named?.[1] ?? "file", content: await response.blob() };
}

const CLOCK: QueryKey = ["the service's clock"];
/** Less is the way the answer took. */
const NOTICED_MS = 2_000;

function keepClock(queries: QueryClient, aheadMs: number | null): void {
  const known = queries.getQueryData<number>(CLOCK) ?? 0;
  if (aheadMs !== null && Math.abs(aheadMs - known) > NOTICED_MS) queries.setQueryData(CLOCK, aheadMs);
}

/** How far the service's clock is ahead of the browser's, ms: ages are told by the clock that made the moments. */
export function useServiceClock(): number {
  const never = async (): Promise<number> => 0;
  const forever = { staleTime: Number.POSITIVE_INFINITY, gcTime: Number.POSITIVE_INFINITY };
  return useQuery({ queryKey: CLOCK, queryFn: never, enabled: false, initialData: 0, ...forever }).data;
}

const unreachable = {
  error: "unreachable",
  message: "The service does not answer.",
  fix: "Wait a moment; the page tries again by itself. If it stays, see whether the service runs.",
} as const;

interface Loose {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
}

function addressOf(path: string, params: Loose["params"] = {}, query: Loose["query"] = {}): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ""));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  const text = search.toString();
  return text === "" ? filled : `${filled}?${text}`;
}

/** The key an answer is remembered under; its first part is the operation. */
export function keyOf<O extends Operation>(operation: O, input: Input<O>): QueryKey {
  return [operation, input];
}

/** An answer that failed is asked again this soon: whoever waits for a restart sees its end. */
const BACK_SOON_MS = 5_000;

/** An answer that stays fresh: remembered, shared between the parts of a page, asked again when it is told to be old. */
export function useAnswer<O extends Reading>(
  operation: O,
  input: Input<O>,
  options: {
    readonly enabled?: boolean;
    /** How soon it is asked again, which may hang on what was answered. */
    readonly everyMs?: number | ((answer: Answer<O> | undefined) => number);
  } = {},
) {
  const queries = useQueryClient();
  const { everyMs: asked } = options;
  return useQuery<Answer<O>, CallFailed>({
    queryKey: keyOf(operation, input),
    queryFn: async () => {
      const { answer, aheadMs } = await ask(operation, input);
      keepClock(queries, aheadMs);
      return answer;
    },
    enabled: options.enabled ?? true,
    refetchInterval: ({ state }) => {
      const everyMs = typeof asked === "function" ? asked(state.data) : (asked ?? false);
      return everyMs !== false && state.status === "error" ? Math.min(everyMs, BACK_SOON_MS) : everyMs;
    },
    placeholderData: (before) => before,
    retry: (failures, error) => (error.status === 0 || error.status >= 500) && failures < 2,
  });
}
