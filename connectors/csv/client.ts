/** The files behind the path: which there are, whether they changed, and their bytes. */
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { NeedsAdmin, TryAgain } from "../../src/errors.ts";

/** A file as it was when we looked. */
export interface SeenFile {
  readonly path: string;
  /** Without its folder: what people call it. */
  readonly name: string;
  /** Changes whenever somebody writes to the file or puts another one in its place. */
  readonly print: string;
}

export type OpenFile = (path: string) => AsyncIterable<Uint8Array>;

/** A table is held in memory while it is compared; beyond this a database is the better source. */
export const MAX_BYTES = 200 * 1024 * 1024;

const ENDINGS: readonly string[] = [".csv", ".tsv", ".txt"];

/**
 * The file at `path`, or the tables in that folder by name; hidden files and sub-folders are left out.
 *
 * @throws NeedsAdmin nothing is there, it may not be read, or it is too large. @throws TryAgain the disk failed.
 */
export async function filesAt(path: string, setting: string): Promise<readonly SeenFile[]> {
  try {
    const there = await stat(path);
    const names = there.isDirectory() ? await tablesIn(path) : [path];
    const files = await Promise.all(names.map(seen));
    const bytes = files.reduce((sum, file) => sum + file.size, 0);
    if (files.length === 0)
      throw new NeedsAdmin(`the folder of ${setting} holds no ${ENDINGS.join(", ")} file`, {
        fix: `Put the export there, or point ${setting} at it.`,
      });
    if (bytes > MAX_BYTES)
      throw new NeedsAdmin(`${basename(path)} is larger than ${MAX_BYTES / 1024 / 1024} MiB`, {
        fix: "Load it into a database and use the sql connector, or leave out columns that are not needed.",
      });
    return files.map(({ size: _size, ...file }) => file);
  } catch (cause) {
    throw explained(cause, setting);
  }
}

async function tablesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((one) => one.isFile() && !one.name.startsWith("."))
    .filter((one) => ENDINGS.includes(extname(one.name).toLowerCase()))
    .map((one) => join(folder, one.name))
    .sort();
}

async function seen(path: string): Promise<SeenFile & { readonly size: number }> {
  const { size, mtimeMs, ino } = await stat(path);
  return { path, name: basename(path), print: `${path}|${ino}|${size}|${mtimeMs}`, size };
}

function explained(cause: unknown, setting: string): unknown {
  if (cause instanceof NeedsAdmin) return cause;
  const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "";
  if (code === "ENOENT" || code === "ENOTDIR")
    return new NeedsAdmin(`${setting} names a file that is not there`, {
      fix: `Put the export there, or correct ${setting}.`,
      cause,
    });
  if (code === "EACCES" || code === "EPERM")
    return new NeedsAdmin(`the file of ${setting} may not be read`, {
      fix: `Let the service's user read the file and its folder, or correct ${setting}.`,
      cause,
    });
  return new TryAgain(`the file of ${setting} cannot be read now (${code || "unknown trouble"})`, { cause });
}

/** The bytes of a file. */
export const openFile: OpenFile = (path) => createReadStream(path);
