/** What the kernel saw of a process, as strace wrote it down: when each call began and when it had ended. Pure. */

/** One call of the system. Begin and end are places in the trace, which holds everything in the order it happened. */
export interface SystemCall {
  readonly name: string;
  /** First argument with what it stands for: `18</data/service.db-wal>`, `23<socket:[4711]>`. */
  readonly file: string;
  readonly text: string;
  readonly begin: number;
  /** null = it had not ended when the trace did. */
  end: number | null;
}

const LINE = /^(\d+) +(.*)$/s;
const WHOLE = /^(\w+)\(([^,)]*)(.*)$/s;
const RESUMED = /^<\.\.\. (\w+) resumed>(.*)$/s;
const UNFINISHED = " <unfinished ...>";

/** Every call of a trace made with `strace -f -y`; what a call wrote or read is in `text`. */
export function callsIn(trace: string): readonly SystemCall[] {
  const calls: SystemCall[] = [];
  const open = new Map<string, number>();
  for (const [place, line] of trace.split("\n").entries()) {
    const [, thread = "", what = ""] = LINE.exec(line) ?? [];
    const resumed = RESUMED.exec(what);
    if (resumed !== null) {
      const index = open.get(`${thread} ${resumed[1]}`);
      const call = index === undefined ? undefined : calls[index];
      // What a read brought is told when it ends.
      if (call !== undefined && index !== undefined)
        calls[index] = { ...call, text: call.text + (resumed[2] ?? ""), end: place };
      continue;
    }
    const whole = WHOLE.exec(what);
    if (whole === null) continue;
    const [, name = "", file = "", text = ""] = whole;
    const unfinished = what.endsWith(UNFINISHED);
    calls.push({
      name,
      file: file.replace(UNFINISHED, ""),
      text,
      begin: place,
      end: unfinished ? null : place,
    });
    if (unfinished) open.set(`${thread} ${name}`, calls.length - 1);
  }
  return calls;
}

/** How an acknowledgement stands to the disk. */
export type OnDisk =
  | "synced before it was acknowledged"
  | "acknowledged before it was synced"
  | "never written"
  | "never acknowledged";

const WRITES: readonly string[] = ["write", "writev", "sendto", "sendmsg"];
const SYNCS: readonly string[] = ["fdatasync", "fsync"];

/**
 * Was the row of a delivery on disk before its sender heard of it? `mark` is a text of its body that is nowhere else.
 *
 * A call that is whole in one line ended before the next line; one that was interrupted ends where it is resumed.
 */
export function onDisk(calls: readonly SystemCall[], mark: string): OnDisk {
  const request = calls.find(
    ({ name, text, file }) => name === "read" && isSocket(file) && text.includes(mark),
  );
  const answer = calls.find(
    ({ name, file, text, begin }) =>
      WRITES.includes(name) &&
      file === request?.file &&
      begin > (request.end ?? request.begin) &&
      text.includes("HTTP/1.1 200 "),
  );
  if (request === undefined || answer === undefined) return "never acknowledged";
  const row = calls.find(
    ({ name, file, text }) => name === "pwrite64" && file.endsWith("-wal>") && text.includes(mark),
  );
  if (row === undefined) return "never written";
  const covered = calls.some(
    ({ name, file, begin, end }) =>
      SYNCS.includes(name) &&
      file === row.file &&
      begin > (row.end ?? row.begin) &&
      end !== null &&
      end < answer.begin,
  );
  return covered ? "synced before it was acknowledged" : "acknowledged before it was synced";
}

function isSocket(file: string): boolean {
  return file.includes("<socket:") || file.includes("<TCP:");
}
