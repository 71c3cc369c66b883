/** The console's part of the store: sign-ins, reports by agents, lists for people, policy versions. */
import type { ConsoleStore, PolicyVersion, PolicyVersions, TierReport, TierReports } from "../ports.ts";
import { consoleLists } from "./console-lists.ts";
import { consoleSessions } from "./console-sessions.ts";
import type { Database, Row } from "./database.ts";
import { number, numberOrNull, text, textOrNull } from "./rows.ts";

/** All of it on a database. */
export function consoleStore(db: Database): ConsoleStore {
  return {
    sessions: consoleSessions(db),
    reports: reports(db),
    lists: consoleLists(db),
    policies: policies(db),
  };
}

function reports(db: Database): TierReports {
  return {
    add: async ({ id, ticketId, accountId, note, reportedBy, at, closedAt, closedBy }) => {
      const sql = `insert into tier_reports (id, ticket_id, account_id, note, reported_by, at, closed_at, closed_by)
        values (?, ?, ?, ?, ?, ?, ?, ?)`;
      const params = [id, ticketId, accountId, note, reportedBy, Math.round(at), closedAt, closedBy];
      await db.write([{ sql, params }]);
    },
    open: async (limit) => {
      const sql = "select * from tier_reports where closed_at is null order by at desc, id limit ?";
      return (await db.read(sql, [limit])).map(reportFrom);
    },
    close: async (id, at, by) => {
      const sql = "update tier_reports set closed_at = ?, closed_by = ? where id = ? and closed_at is null";
      return (await db.write([{ sql, params: [Math.round(at), by, id], mustAffect: 1 }])) !== "lost";
    },
  };
}

function reportFrom(row: Row): TierReport {
  return {
    id: text(row, "id"),
    ticketId: text(row, "ticket_id"),
    accountId: textOrNull(row, "account_id"),
    note: text(row, "note"),
    reportedBy: text(row, "reported_by"),
    at: number(row, "at"),
    closedAt: numberOrNull(row, "closed_at"),
    closedBy: textOrNull(row, "closed_by"),
  };
}

function policies(db: Database): PolicyVersions {
  const columns = "version, content_hash, effective_from, stored_at";
  return {
    list: async (limit) =>
      (await db.read(`select ${columns} from policies order by seq desc limit ?`, [limit])).map(versionFrom),
    get: async (version) => {
      const [row] = await db.read(`select ${columns}, content from policies where version = ?`, [version]);
      return row ? { ...versionFrom(row), content: text(row, "content") } : null;
    },
  };
}

function versionFrom(row: Row): PolicyVersion {
  return {
    version: text(row, "version"),
    contentHash: text(row, "content_hash"),
    effectiveFrom: textOrNull(row, "effective_from"),
    storedAt: number(row, "stored_at"),
  };
}
