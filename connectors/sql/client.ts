/** One connection to the database of a source; a changed address opens a new one. */
import { NeedsAdmin, TryAgain } from "../../src/errors.ts";
import { openPostgres } from "./postgres.ts";
import type { Answer, Engine } from "./schemas.ts";
import { openSqlite } from "./sqlite.ts";

/** Asks the database that the setting names at that moment, and counts. */
export interface Client {
  readonly kind: () => Engine["kind"];
  ask(sql: string, params: readonly (string | number | null)[], signal?: AbortSignal): Promise<Answer>;
  /** Host and database, without user and password. */
  tenant(): string;
  asked(): number;
  close(): Promise<void>;
}

/** Opens what `url()` names when first asked. */
export function createClient(url: () => string, source: string): Client {
  let open: { readonly url: string; readonly engine: Engine } | null = null;
  let asked = 0;
  const engine = (): Engine => {
    const now = url();
    if (open?.url !== now) {
      void open?.engine.close();
      open = { url: now, engine: engineFor(now, source) };
    }
    return open.engine;
  };
  return {
    kind: () => engine().kind,
    ask: async (sql, params, signal) => {
      if (signal?.aborted === true) throw new TryAgain(`stopped before ${source} was asked`);
      asked += 1;
      return engine().ask(sql, params);
    },
    tenant: () => tenantOf(url()),
    asked: () => asked,
    close: async () => {
      const last = open;
      open = null;
      await last?.engine.close();
    },
  };
}

function engineFor(url: string, source: string): Engine {
  if (/^postgres(ql)?:\/\//.test(url)) return openPostgres(url, source);
  const path = sqlitePath(url);
  if (path !== null) return openSqlite(path, source);
  throw new NeedsAdmin(`${source}: the address is neither PostgreSQL nor SQLite`, {
    fix: "Set SQL_URL to postgres://user:password@host/database or sqlite:/path/to/file.db.",
  });
}

function sqlitePath(url: string): string | null {
  return /^sqlite:(?:\/\/)?(.+)$/.exec(url)?.[1] ?? null;
}

function tenantOf(url: string): string {
  const path = sqlitePath(url);
  if (path !== null) return path.split("/").at(-1) ?? path;
  const { host, pathname } = URL.canParse(url) ? new URL(url) : { host: "database", pathname: "" };
  return `${host}${pathname}`;
}
