/** How a request goes wrong, and how often. Without `status`, `hang` or `reset` the real answer is used. */
export interface Fault {
  readonly method?: string;
  /** Text = the whole path without the query; a pattern is tried on `path?query`. Absent = every request. */
  readonly path?: RegExp | string;
  /** How many matching requests suffer; default 1, `Number.POSITIVE_INFINITY` = until cleared. */
  readonly times?: number;
  /** Matching requests that pass unharmed first; default 0. */
  readonly skip?: number;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is (HTML pages, truncated JSON). */
  readonly bodyText?: string;
  /** The request is accepted and never answered. */
  readonly hang?: boolean;
  /** The connection is cut with a TCP reset. */
  readonly reset?: boolean;
  /** The request takes effect first; only its answer is spoilt. */
  readonly afterApplying?: boolean;
  /** Waits this long before answering, ms. */
  readonly delayMs?: number;
  /** Sends the body one byte at a time with this pause, ms. */
  readonly dripMs?: number;
}

/** The faults waiting for a victim. */
export interface FaultList {
  /** Adds a fault and answers how to take it back. */
  add(fault: Fault): () => void;
  /** The first fault that hits this request, used up by one; null = none. */
  hit(method: string, path: string, query: string): Fault | null;
  clear(): void;
}

/** An empty list of faults. */
export function faultList(): FaultList {
  const waiting = new Set<{ readonly fault: Fault; skip: number; left: number }>();
  return {
    add(fault) {
      const entry = { fault, skip: fault.skip ?? 0, left: fault.times ?? 1 };
      waiting.add(entry);
      return () => {
        waiting.delete(entry);
      };
    },
    hit(method, path, query) {
      for (const entry of waiting) {
        if (!matches(entry.fault, method, path, query)) continue;
        if (entry.skip > 0) {
          entry.skip -= 1;
          continue;
        }
        entry.left -= 1;
        if (entry.left <= 0) waiting.delete(entry);
        return entry.fault;
      }
      return null;
    },
    clear: () => waiting.clear(),
  };
}

/** A fault as it comes over the control route: `pathPattern` stands for a regular expression. */
export function faultFromJson(body: unknown): Fault {
  if (typeof body !== "object" || body === null) throw new TypeError("a fault is a JSON object");
  const { pathPattern, ...fault } = body as Fault & { readonly pathPattern?: string };
  return pathPattern === undefined ? fault : { ...fault, path: new RegExp(pathPattern) };
}

function matches(fault: Fault, method: string, path: string, query: string): boolean {
  if (fault.method !== undefined && fault.method.toUpperCase() !== method) return false;
  if (fault.path === undefined) return true;
  if (typeof fault.path === "string") return fault.path === path;
  return fault.path.test(query === "" ? path : `${path}?${query}`);
}
