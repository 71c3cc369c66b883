/**
 * Reads a SQLite write-ahead log as SQLite does, and on from the place where SQLite stops.
 *
 * SQLite replays a log up to the first frame whose checksum is wrong and forgets the rest without a word. What it forgets
 * is told here; what that means is decided in `sqlite-soundness.ts`.
 * (https://www.sqlite.org/fileformat2.html#the_write_ahead_log, remembered, not verified; real logs' checksums agree)
 */
const HEADER = 32;
const FRAME_HEADER = 24;
const MAGIC = 0x377f0682;
const SMALLEST_PAGE = 512;
const LARGEST_PAGE = 65_536;

/** Where a log cannot be replayed any further although the end of a transaction lies there or behind. */
export interface LogDamage {
  /** Bytes from the start of the log to the first frame that cannot be replayed; 0 = its header is damaged. */
  readonly at: number;
  /** Pages that the transactions from there on changed, the damaged one first, up to the next gap. */
  readonly transactions: readonly (readonly number[])[];
  /** Something of one more transaction follows the last of them. */
  readonly more: boolean;
}

type Sums = readonly [number, number];

/** A log's frames. Its generation is in two numbers, its salts; frames with others are left over from before. */
interface Frames {
  readonly log: DataView;
  readonly size: number;
  readonly count: number;
  /** How the checksums read their numbers. */
  readonly littleEndian: boolean;
  readonly salts: Sums;
}

/** What a log would lose, as far as can be seen; pages have `pageBytes` where its own header is damaged. */
export function damageIn(bytes: Uint8Array, pageBytes: number): LogDamage | null {
  const log = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < HEADER + FRAME_HEADER + SMALLEST_PAGE) return null;
  const header = headerOf(log);
  const size = FRAME_HEADER + (header?.pageBytes ?? pageBytes);
  const count = Math.floor((bytes.byteLength - HEADER) / size);
  const second = HEADER + Math.min(1, count - 1) * size;
  const salts = header === null ? pair(log, second + 8) : pair(log, 16);
  const frames: Frames = { log, size, count, littleEndian: header?.littleEndian ?? true, salts };
  const at = header === null ? 0 : replayable(frames, header.sums);
  const behind = transactionsFrom(frames, at);
  if (behind.transactions.length === 0) return null;
  return { at: header === null ? 0 : HEADER + at * size, ...behind };
}

function headerOf(
  log: DataView,
): { readonly pageBytes: number; readonly littleEndian: boolean; readonly sums: Sums } | null {
  const magic = log.getUint32(0);
  const pageBytes = log.getUint32(8);
  const littleEndian = magic === MAGIC;
  if (!littleEndian && magic !== MAGIC + 1) return null;
  if (pageBytes < SMALLEST_PAGE || pageBytes > LARGEST_PAGE || (pageBytes & (pageBytes - 1)) !== 0)
    return null;
  const sums = sum(log, [0, 0], 0, 24, littleEndian);
  return same(sums, pair(log, 24)) ? { pageBytes, littleEndian, sums } : null;
}

/** Frames from the start that replay, the checksum of each resting on the one before. */
function replayable(frames: Frames, start: Sums): number {
  let before = start;
  for (let n = 0; n < frames.count; n += 1) {
    if (!isOfThisLog(frames, n) || !follows(frames, n, before)) return n;
    before = storedSums(frames, n);
  }
  return frames.count;
}

/**
 * The transactions from frame `from` on, up to the next gap. The damage can be in the first frame's page or in its
 * checksum, on which the second one rests: those two are taken as they stand.
 */
function transactionsFrom(frames: Frames, from: number): Omit<LogDamage, "at"> {
  const transactions: (readonly number[])[] = [];
  let pages: number[] = [];
  for (let n = from; n < frames.count; n += 1) {
    const known = isOfThisLog(frames, n);
    if (n > from + 1 && !(known && follows(frames, n, storedSums(frames, n - 1)))) break;
    if (!known) continue;
    const [page, sizeAfter] = pair(frames.log, place(frames, n));
    pages.push(page);
    // The last frame of a transaction holds the size of the database after it.
    if (sizeAfter === 0) continue;
    transactions.push(pages);
    pages = [];
  }
  return { transactions, more: pages.length > 0 };
}

function place(frames: Frames, n: number): number {
  return HEADER + n * frames.size;
}

function pair(log: DataView, at: number): Sums {
  return [log.getUint32(at), log.getUint32(at + 4)];
}

function storedSums(frames: Frames, n: number): Sums {
  return pair(frames.log, place(frames, n) + 16);
}

function isOfThisLog(frames: Frames, n: number): boolean {
  return same(pair(frames.log, place(frames, n) + 8), frames.salts);
}

function follows(frames: Frames, n: number, before: Sums): boolean {
  const { log, size, littleEndian } = frames;
  const at = place(frames, n);
  const header = sum(log, before, at, 8, littleEndian);
  return same(sum(log, header, at + FRAME_HEADER, size - FRAME_HEADER, littleEndian), storedSums(frames, n));
}

function same([a, b]: Sums, [c, d]: Sums): boolean {
  return a === c && b === d;
}

/** SQLite's checksum over `length` bytes, a multiple of eight. */
function sum(log: DataView, [a, b]: Sums, from: number, length: number, littleEndian: boolean): Sums {
  let [first, second] = [a, b];
  for (let at = from; at < from + length; at += 8) {
    first = (first + log.getUint32(at, littleEndian) + second) >>> 0;
    second = (second + log.getUint32(at + 4, littleEndian) + first) >>> 0;
  }
  return [first, second];
}
