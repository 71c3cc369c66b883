/** Does a file lie on a disk that other machines reach? SQLite's locks and its shared memory do not hold there. */
import { statfsSync } from "node:fs";

/** The numbers by which Linux tells file systems apart (man 2 statfs, remembered, not verified). */
const NETWORK: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xff53_4d42, "CIFS"],
  [0xfe53_4d42, "SMB2"],
  [0x00c3_6400, "Ceph"],
  [0x0102_1997, "9P"],
  [0x5346_414f, "AFS"],
  [0x0bd0_0bd0, "Lustre"],
  [0x6573_5546, "FUSE"],
]);

/** The kind of network file system with this number; null = a local one, as far as known. */
export function networkKind(type: number): string | null {
  // A negative number is the same 32 bits.
  return NETWORK.get(type >>> 0) ?? null;
}

/** Why the folder is a bad place for a SQLite file, or null. */
export function networkWarning(
  folder: string,
  typeOf: (folder: string) => number = (path) => statfsSync(path).type,
): string | null {
  const kind = networkKind(typeOf(folder));
  return kind === null
    ? null
    : `${folder} is on ${kind}: SQLite loses data on a disk that is shared over a network. fix: Use a local disk, or PostgreSQL.`;
}
