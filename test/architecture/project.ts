import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { withoutText } from "./blank.ts";
import { type Import, importsOf } from "./imports.ts";

/** The project's root folder. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** One file of ours as the rules see it. `path` is relative to the root, with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** The text without the inside of comments and strings. */
  readonly code: string;
  readonly imports: readonly Import[];
}

const NOT_OURS = new Set([".git", "node_modules", "dist", "coverage"]);

/** Every TypeScript file below some folders of the project, in order of path. */
export function sourcesBelow(...folders: readonly string[]): readonly SourceFile[] {
  return folders
    .flatMap(pathsBelow)
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith(".d.ts"))
    .sort()
    .map(readSource);
}

/** The folders directly below a folder of the project. */
export function foldersIn(folder: string): readonly string[] {
  return entriesOf(folder).filter((name) => statSync(join(ROOT, folder, name)).isDirectory());
}

/** The paths of the files directly below a folder whose names end like this. */
export function filesIn(folder: string, ending: string): readonly string[] {
  return entriesOf(folder).flatMap((name) => (name.endsWith(ending) ? [`${folder}/${name}`] : []));
}

/** Whether a file or folder exists below the project's root. */
export function exists(path: string): boolean {
  return existsSync(join(ROOT, path));
}

/** The text of a file of the project. */
export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** Every file that git tracks or would track; where git cannot tell, every file outside what is built or installed. */
export function trackedFiles(): readonly string[] {
  try {
    const list = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
      cwd: ROOT,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
      stdio: ["ignore", "pipe", "ignore"],
    });
    return list.split("\0").filter((path) => path !== "" && exists(path));
  } catch {
    return pathsBelow(".").map((path) => path.slice("./".length));
  }
}

/** The line on which an offset of a text stands. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

function readSource(path: string): SourceFile {
  const text = textOf(path);
  return { path, text, code: withoutText(text), imports: importsOf(text) };
}

function pathsBelow(folder: string): readonly string[] {
  return entriesOf(folder).flatMap((name) => {
    if (NOT_OURS.has(name)) return [];
    const path = `${folder}/${name}`;
    return statSync(join(ROOT, path)).isDirectory() ? pathsBelow(path) : [path];
  });
}

function entriesOf(folder: string): readonly string[] {
  return exists(folder) ? readdirSync(join(ROOT, folder)) : [];
}
