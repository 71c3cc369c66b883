import { posix } from "node:path";
import { withoutText } from "./blank.ts";

/** One place where a file names another module: import, export … from, import(), require(), a worker's address. */
export interface Import {
  /** As written. */
  readonly specifier: string;
  readonly line: number;
}

const NAMES_A_MODULE = /(?:\bfrom|\bimport|\b(?:import|require|new\s+URL)\s*\(\s*)\s*$/;

/** Every module a source text names, type imports included, in the order of the text. */
export function importsOf(source: string): readonly Import[] {
  const code = withoutText(source);
  const found: Import[] = [];
  let line = 1;
  let counted = 0;
  for (const { index, 0: text } of code.matchAll(/(["'])[^"'\n]*\1/g)) {
    const before = code.slice(Math.max(0, index - 60), index);
    if (!NAMES_A_MODULE.test(before)) continue;
    if (/URL\s*\(\s*$/.test(before) && !/^\s*,\s*import\.meta\.url/.test(code.slice(index + text.length)))
      continue;
    line += code.slice(counted, index).split("\n").length - 1;
    counted = index;
    found.push({ specifier: source.slice(index + 1, index + text.length - 1), line });
  }
  return found;
}

/** The path from the project's root that a relative specifier points at; null for a package or a Node module. */
export function target(from: string, specifier: string): string | null {
  return specifier.startsWith(".") ? posix.normalize(posix.join(posix.dirname(from), specifier)) : null;
}

/** The package a specifier belongs to (`zod/v4` → `zod`, `@a/b/c` → `@a/b`); null for our own files. */
export function packageOf(specifier: string): string | null {
  if (specifier.startsWith(".")) return null;
  if (specifier.startsWith("node:")) return specifier;
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/** One import cycle per knot of files that need each other, as the files in order of import; none → empty. */
export function cyclesOf(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const done = new Set<string>();
  const cycles: (readonly string[])[] = [];
  const walk = (file: string, trail: readonly string[]): void => {
    const seenAt = trail.indexOf(file);
    if (seenAt !== -1) cycles.push([...trail.slice(seenAt), file]);
    if (seenAt !== -1 || done.has(file)) return;
    for (const next of graph.get(file) ?? []) walk(next, [...trail, file]);
    done.add(file);
  };
  for (const file of graph.keys()) walk(file, []);
  return cycles;
}
