/** The Zendesk app as a zip: what Admin Center takes, the same bytes for the same files. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { crc32, deflateRawSync } from "node:zlib";

/** One file of the app, named with slashes from the app's folder. */
export interface AppFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What belongs into the package; drawings that pictures are made from, and notes, do not. */
const PACKAGED = /^(?:manifest\.json|requirements\.json|assets\/[\w.-]+|translations\/[\w-]+\.json)$/;

/** The files of `folder` that belong into the package, in the order of their names. */
export function appFiles(folder: string = manifestFolder()): readonly AppFile[] {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const base = folder.replace(/[/\\]+$/, "");
  return found
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(base.length + 1).replaceAll("\\", "/"))
    .filter((name) => PACKAGED.test(name))
    .toSorted()
    .map((name) => ({ name, bytes: readFileSync(`${base}/${name}`) }));
}

function manifestFolder(): string {
  const here = import.meta.url;
  return fileURLToPath(
    new URL(/\/dist\/src\/console\/[^/]+$/.test(here) ? "../../../manifest" : "../../manifest", here),
  );
}

/** 1980-01-01 00:00, the earliest the format knows: a package must not differ by the moment it was made. */
const DOS_DATE = 0x0021;
const DEFLATED = 8;
const VERSION = 20;
const UTF8_NAMES = 0x0800;

/** A zip of these files (PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16, remembered, not verified). */
export function appZip(files: readonly AppFile[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes } of files) {
    const packed = deflateRawSync(bytes, { level: 9 });
    const label = Buffer.from(name, "utf8");
    const shared = sharedFields(bytes, packed, label);
    const local = Buffer.concat([words32(0x04034b50), shared, words16(0), label, packed]);
    directory.push(
      Buffer.concat([
        words32(0x02014b50),
        words16(VERSION),
        shared,
        words16(0, 0, 0, 0),
        words32(0),
        words32(offset),
        label,
      ]),
    );
    locals.push(local);
    offset += local.length;
  }
  const listing = Buffer.concat(directory);
  const end = Buffer.concat([
    words32(0x06054b50),
    words16(0, 0, files.length, files.length),
    words32(listing.length, offset),
    words16(0),
  ]);
  return Buffer.concat([...locals, listing, end]);
}

/** What a file's own head and its line in the directory have in common, up to the length of its name. */
function sharedFields(bytes: Uint8Array, packed: Buffer, label: Buffer): Buffer {
  return Buffer.concat([
    words16(VERSION, UTF8_NAMES, DEFLATED, 0, DOS_DATE),
    words32(crc32(bytes), packed.length, bytes.length),
    words16(label.length),
  ]);
}

function words16(...values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(2 * values.length);
  for (const [at, value] of values.entries()) buffer.writeUInt16LE(value, 2 * at);
  return buffer;
}

function words32(...values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(4 * values.length);
  for (const [at, value] of values.entries()) buffer.writeUInt32LE(value, 4 * at);
  return buffer;
}
