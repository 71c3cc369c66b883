/** `backup FILE`: a consistent copy of the store while services run, proven to be whole. */
import { existsSync, statSync } from "node:fs";
import { connectorSettings } from "../assemble.ts";
import { type Config, environment, readConfig } from "../config.ts";
import { discard, prove, reserve } from "../store/backup.ts";
import { openStore } from "../store/open.ts";
import { complain, EXIT, say, sayJson } from "./terminal.ts";

/** Copies a SQLite store; for PostgreSQL it names the command that does it. Never overwrites. */
export async function backupCommand(file: string, options: { readonly json?: boolean }): Promise<number> {
  const config = readConfig(environment(process.env), connectorSettings);
  const path = /^sqlite:(?:\/\/)?(.+)$/.exec(config.databaseUrl)?.[1];
  if (path === undefined) return tellPostgres(config, file);
  if (!existsSync(path)) {
    complain(`There is no store at ${path}.\nfix: Set DATABASE_URL to the store that the service uses.`);
    return EXIT.usage;
  }
  reserve(file);
  try {
    const store = await openStore(config.databaseUrl, { warn: complain });
    await store.copyInto(file).finally(() => store.close());
    const { rows } = prove(file);
    const bytes = statSync(file).size;
    if (options.json === true) sayJson({ file, bytes, rows });
    else
      say(
        `${file}: ${rows} rows, ${bytes} bytes, looked through and whole. To restore, stop the service, put it in the place of ${path} (without ${path}-wal and ${path}-shm) and start again.`,
      );
    return EXIT.fine;
  } catch (error) {
    discard(file);
    throw error;
  }
}

function tellPostgres(config: Config, file: string): number {
  const target = quoted(withoutPassword(config.databaseUrl));
  complain(
    `The store is in PostgreSQL, which brings its own backup.\nfix: Run \`pg_dump --format=custom --no-owner --file=${quoted(file)} --dbname=${target}\`; restore it with \`pg_restore --clean --if-exists --no-owner --dbname=${target} ${quoted(file)}\`. Both ask for the password, or take it from PGPASSWORD.`,
  );
  return EXIT.usage;
}

/** The address as it may be shown. */
function withoutPassword(address: string): string {
  return address.replace(/^(\w+:\/\/[^:@/]*):[^@/]*@/, "$1@").replace(/([?&]password=)[^&]*&?/i, "$1");
}

/** A word for the shell as it is. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
