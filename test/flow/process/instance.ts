/** One `serve` process: started, killed, paused and stopped as an operator or the kernel would. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, existsSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { until } from "./waiting.ts";

const CLI = fileURLToPath(new URL("../../../src/cli.ts", import.meta.url));
/** A start on a machine that is busy with other starts. */
const START_MS = 120_000;

/** A service process that may or may not be running. */
export interface Instance {
  readonly url: string;
  /** `paused` = alive, but not running (SIGSTOP). */
  state(): "down" | "up" | "paused";
  /** Id of the running process; null = none. */
  pid(): number | null;
  /** Starts it; resolves when it answers. */
  start(): Promise<void>;
  /** Starts it and kills it `afterMs` later, wherever it is by then. */
  falseStart(afterMs: number): Promise<void>;
  /** Ends it with a signal; its exit code, null when the signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  pause(): void;
  resume(): void;
  log(): string;
}

/** How to start it. */
export interface InstanceSettings {
  readonly port: number;
  readonly folder: string;
  readonly logFile: string;
  readonly env: Readonly<Record<string, string>>;
}

/** An instance that is not running yet. */
export function instanceOf({ port, folder, logFile, env }: InstanceSettings): Instance {
  const url = `http://127.0.0.1:${port}`;
  let running: ChildProcess | null = null;
  let paused = false;
  const log = (): string => (existsSync(logFile) ? readFileSync(logFile, "utf8") : "");
  const signal = (name: NodeJS.Signals, after: boolean) => () => {
    running?.kill(name);
    paused = after;
  };
  const launch = async (): Promise<ChildProcess> => {
    const out = createWriteStream(logFile, { flags: "a" });
    await once(out, "open");
    const child = spawn(process.execPath, [CLI, "serve"], {
      cwd: folder,
      env: { ...env, PORT: String(port) },
      stdio: ["ignore", "ignore", out],
    });
    out.close();
    return child;
  };
  return {
    url,
    log,
    pid: () => running?.pid ?? null,
    falseStart: async (afterMs) => {
      const child = await launch();
      const ended = once(child, "exit");
      await pause(afterMs);
      child.kill("SIGKILL");
      await ended;
    },
    state: () => (running === null || running.exitCode !== null ? "down" : paused ? "paused" : "up"),
    start: async () => {
      const child = await launch();
      await until(`the service at ${url} to answer`, START_MS, async () => {
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`serve ended: ${log()}`);
        return (await fetch(`${url}/healthz`).catch(() => null))?.ok === true;
      });
      running = child;
    },
    end: async (name) => {
      const child = running;
      running = null;
      paused = false;
      if (child === null || child.exitCode !== null) return child?.exitCode ?? null;
      const ended = once(child, "exit");
      child.kill(name);
      return (await ended)[0] as number | null;
    },
    pause: signal("SIGSTOP", true),
    resume: signal("SIGCONT", false),
  };
}
