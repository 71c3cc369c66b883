/** Sign-in links, sessions and things that may be used once. Only hashes of secrets are ever stored. */
import type { ConsoleSession, ConsoleSessions } from "../ports.ts";
import type { Database, Row } from "./database.ts";
import { number, oneOf, text, textOrNull } from "./rows.ts";

const ROLES = ["agent", "admin"] as const;

const OPEN = `insert into console_sessions (hash, id, email, role, how, created_at, seen_at, expires_at)
  values (?, ?, ?, ?, ?, ?, ?, ?)`;

const FIND =
  "select id, email, role, how, created_at, seen_at, expires_at from console_sessions where hash = ?";

/** One of two that come at the same time finds nothing left to delete. */
const TAKE_LINK = "delete from console_links where hash = ? and expires_at > ? returning email, role";

const ONCE = "insert into console_once (hash, payload, expires_at) values (?, ?, ?) on conflict do nothing";

const TAKE =
  "delete from console_once where hash = ? and expires_at > ? and payload is not null returning payload";

/** The sign-ins on a database. */
export function consoleSessions(db: Database): ConsoleSessions {
  const run = async (sql: string, params: readonly (string | number | null)[]): Promise<readonly Row[]> => {
    const written = await db.write([{ sql, params }]);
    return written === "lost" ? [] : (written[0] ?? []);
  };
  return {
    addLink: async (hash, email, role, expiresAt) => {
      const sql = "insert into console_links (hash, email, role, expires_at) values (?, ?, ?, ?)";
      await run(sql, [hash, email, role, Math.round(expiresAt)]);
    },
    takeLink: async (hash, at) => {
      const [row] = await run(TAKE_LINK, [hash, Math.round(at)]);
      return row ? { email: text(row, "email"), role: oneOf(row, "role", ROLES) } : null;
    },
    open: async (hash, one) => {
      const times = [one.createdAt, one.seenAt, one.expiresAt].map(Math.round);
      await run(OPEN, [hash, one.id, one.email, one.role, one.how, ...times]);
    },
    find: async (hash) => {
      const [row] = await db.read(FIND, [hash]);
      return row ? sessionFrom(row) : null;
    },
    touch: async (id, at) => {
      await run("update console_sessions set seen_at = ? where id = ?", [Math.round(at), id]);
    },
    end: async (id) => void (await run("delete from console_sessions where id = ?", [id])),
    spend: async (hash, expiresAt) => {
      const params = [hash, null, Math.round(expiresAt)];
      return (await db.write([{ sql: ONCE, params, mustAffect: 1 }])) !== "lost";
    },
    keep: async (hash, payload, expiresAt) => void (await run(ONCE, [hash, payload, Math.round(expiresAt)])),
    take: async (hash, at) => {
      const [row] = await run(TAKE, [hash, Math.round(at)]);
      return row ? textOrNull(row, "payload") : null;
    },
    prune: async (before) => {
      const tables = ["console_links", "console_sessions", "console_once"];
      const params = [Math.round(before)];
      await db.write(tables.map((table) => ({ sql: `delete from ${table} where expires_at < ?`, params })));
    },
  };
}

function sessionFrom(row: Row): ConsoleSession {
  return {
    id: text(row, "id"),
    email: text(row, "email"),
    role: oneOf(row, "role", ROLES),
    how: oneOf(row, "how", ["link", "oidc", "zendesk"]),
    createdAt: number(row, "created_at"),
    seenAt: number(row, "seen_at"),
    expiresAt: number(row, "expires_at"),
  };
}
