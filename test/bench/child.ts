/** A measured part as a process of its own: started, asked, looked at from outside, stopped. */
import { type ChildProcess, fork, type Serializable } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A running process that answers. */
export interface Child {
  readonly pid: number;
  /** Hands over one question and resolves with its answer. @throws Error what went wrong there. */
  ask<T>(question: string, value?: unknown): Promise<T>;
  stop(): Promise<void>;
}

/** What travels: every question has a number, so that several can be open. */
export interface Question {
  readonly id: number;
  readonly question: string;
  readonly value: unknown;
}
export type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string };

/** Starts a script of this folder. */
export function startChild(script: string): Child {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const child = fork(file, { stdio: ["ignore", "inherit", "inherit", "ipc"], execArgv: ["--expose-gc"] });
  const open = new Map<number, (answer: Answer) => void>();
  let asked = 0;
  let ended: string | null = null;
  child.on("message", (answer: Answer) => {
    open.get(answer.id)?.(answer);
    open.delete(answer.id);
  });
  child.on("exit", (code, signal) => {
    ended = `${script} ended with ${signal ?? code}`;
    for (const [id, settle] of open) settle({ id, error: ended });
    open.clear();
  });
  return {
    pid: child.pid ?? 0,
    ask: <T>(question: string, value: unknown = null) =>
      new Promise<T>((resolve, reject) => {
        if (ended !== null) return reject(new Error(ended));
        const id = ++asked;
        open.set(id, (answer) => {
          if ("error" in answer) reject(new Error(`${script}, ${question}: ${answer.error}`));
          else resolve(answer.value as T);
        });
        child.send({ id, question, value } satisfies Question as Serializable);
      }),
    stop: () => ending(child),
  };
}

function ending(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}

/** Memory of a process in MB, now and at most; null where /proc is not there. */
export function memoryOf(pid: number): { readonly now: number; readonly peak: number } | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const of = (name: string): number =>
      Math.round(Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1] ?? Number.NaN) / 1024);
    return { now: of("VmRSS"), peak: of("VmHWM") };
  } catch {
    return null;
  }
}
