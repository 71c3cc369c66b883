import type { IncomingMessage } from "node:http";

/** The first route that serves this method and path, with its path parameters; null = none. */
export function findRoute<R extends { readonly method: string; readonly pattern: string }>(
  routes: readonly R[],
  method: string,
  path: string,
): { readonly route: R; readonly params: Record<string, string> } | null {
  const segments = path.split("/");
  for (const route of routes) {
    if (route.method !== method) continue;
    const params = paramsOf(route.pattern.split("/"), segments);
    if (params !== null) return { route, params };
  }
  return null;
}

function paramsOf(pattern: readonly string[], segments: readonly string[]): Record<string, string> | null {
  if (pattern.length !== segments.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? "";
    if (part.startsWith(":")) params[part.slice(1)] = decodeURIComponent(segment);
    else if (part !== segment) return null;
  }
  return params;
}

/** The whole body of a request as text. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** Headers as one text per lower-case name. */
export function flatHeaders(request: IncomingMessage): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(", ") : value;
  return flat;
}

/** Parses JSON and keeps integers beyond 2^53 exact, as text; undefined = empty or not JSON. */
export function parseBody(text: string): unknown {
  if (text.trim() === "") return undefined;
  const exact = (_key: string, value: unknown, context?: { readonly source?: string }): unknown =>
    typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? "")
      ? context?.source
      : value;
  try {
    return JSON.parse(text, exact);
  } catch {
    return undefined;
  }
}
