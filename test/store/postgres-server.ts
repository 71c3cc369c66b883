/** A PostgreSQL server of the test's own, on loopback, in a folder that is removed with it. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { Client } from "pg";

export interface PostgresServer {
  /** Address of a new, empty database. */
  newDatabase(): Promise<string>;
  /** As after a power cut: nobody is told, nothing is finished. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Stops it and removes its files. */
  remove(): Promise<void>;
}

/** Folder of the server's programs, from Debian's package or the PATH; null = not installed. */
export function postgresPrograms(): string | null {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(debian, version, "bin")),
    ...(process.env.PATH ?? "").split(delimiter),
  ];
  return folders.find((folder) => existsSync(join(folder, "initdb"))) ?? null;
}

/** Starts a server with `settings` (`fsync=on`); PostgreSQL refuses to run as root, so root lends it a user. */
export async function startPostgres(
  programs: string,
  settings: readonly string[] = [],
): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), "postgres-"));
  const asUser = process.getuid?.() === 0 ? ["runuser", "-u", serverUser(folder), "--"] : [];
  const run = async (program: string, ...args: readonly string[]) => {
    const [first = "", ...rest] = [...asUser, join(programs, program), ...args];
    // The server inherits nothing: a pipe it kept open would never end.
    const [code] = await once(spawn(first, rest, { stdio: "ignore", cwd: folder }), "exit");
    if (code !== 0) throw new Error(`${program} ended with ${code}; see ${join(folder, "log")}`);
  };
  const data = join(folder, "data");
  const port = await freePort();
  const options = [
    `-p ${port}`,
    "-c listen_addresses=127.0.0.1",
    `-c unix_socket_directories=${folder}`,
    ...settings.map((setting) => `-c ${setting}`),
  ].join(" ");
  const control = (...args: readonly string[]) => run("pg_ctl", "-D", data, "-w", ...args);
  const start = () => control("-l", join(folder, "log"), "-o", options, "start");
  await run("initdb", "-D", data, "-A", "trust", "-U", "app", "--no-sync");
  await start();
  const server = `postgres://app@127.0.0.1:${port}`;
  let databases = 0;
  return {
    start,
    kill: () => control("-m", "immediate", "stop"),
    newDatabase: async () => {
      const name = `test_${++databases}`;
      await runSql(`${server}/postgres`, `create database ${name}`);
      return `${server}/${name}`;
    },
    remove: async () => {
      // Nobody reads these files again: no checkpoint of everything that was ever written.
      await control("-m", "immediate", "stop");
      rmSync(folder, { recursive: true });
    },
  };
}

/** Runs statements on a connection of their own. */
export async function runSql(url: string, statements: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statements);
  } finally {
    await client.end();
  }
}

function serverUser(folder: string): string {
  const user = ["postgres", "nobody"].find((name) => {
    try {
      execFileSync("chown", [name, folder], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  });
  if (!user) throw new Error("no user that may run PostgreSQL: neither postgres nor nobody exists");
  return user;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
