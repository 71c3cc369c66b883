/** The standings that waiting lists are drawn up from. */
import type { Standing, Waitlists } from "../ports.ts";
import { type Database, json, type Row, type Statement } from "./database.ts";
import { number, oneOf, text, textOrNull } from "./rows.ts";

const CLAIMS: readonly Standing["claim"][] = ["bought", "earned", "none"];

const COLUMNS = "tier, account_id, claim, holds, arr, waits";

const PUT = `insert into waitlist_standings (${COLUMNS})
  select r.value ->> 'tier', r.value ->> 'accountId', r.value ->> 'claim', cast(r.value ->> 'holds' as integer),
    r.value ->> 'arr', cast(r.value ->> 'waits' as integer)
  from {rows} where true
  on conflict (tier, account_id) do update set claim = excluded.claim, holds = excluded.holds, arr = excluded.arr,
    waits = excluded.waits`;

/** In the words of the index that holds just these. */
const OTHERS = `select ${COLUMNS} from waitlist_standings
  where tier = ? and (claim <> 'bought' or waits = 1) order by account_id`;

const MARK = `insert into cursors (name, value) values (?, ?)
  on conflict (name) do update set value = excluded.value`;

const [COMPLETE, DUE] = ["waitlists:complete", "waitlists:due"];
const [YES, NO] = ["yes", "no"];

/** The standings on a database. */
export function waitlists(db: Database): Waitlists {
  const move = (tier: string, ids: readonly string[], waits: number): Statement => ({
    sql: "update waitlist_standings set waits = ? where tier = ? and account_id in {list}",
    params: [waits, tier, json(ids)],
  });
  return {
    of: async (accountIds) => {
      const sql = `select ${COLUMNS} from waitlist_standings where account_id in {list} order by tier, account_id`;
      return (await db.read(sql, [json(accountIds)])).map(standingFrom);
    },
    put: async (accountIds, standings) => {
      await db.write([
        { sql: "delete from waitlist_standings where account_id in {list}", params: [json(accountIds)] },
        { sql: PUT, params: [json(standings.map(columnsOf))] },
        waitlistsDue(),
      ]);
    },
    clear: async () => {
      await db.write([
        { sql: "delete from waitlist_standings", params: [] },
        { sql: "delete from cursors where name = ?", params: [COMPLETE] },
      ]);
    },
    contenders: async (tier) => {
      const count = "select count(*) as bought from waitlist_standings where tier = ? and claim = 'bought'";
      const [row = {}] = await db.read(count, [tier]);
      return { bought: number(row, "bought"), others: (await db.read(OTHERS, [tier])).map(standingFrom) };
    },
    moved: async (tier, waiting, free) => {
      await db.write([move(tier, waiting, 1), move(tier, free, 0)]);
    },
    state: async () => {
      const rows = await db.read("select name, value from cursors where name in {list}", [
        json([COMPLETE, DUE]),
      ]);
      const found = new Map(rows.map((row) => [text(row, "name"), text(row, "value")]));
      return { complete: found.get(COMPLETE) ?? null, due: found.get(DUE) === YES };
    },
    settled: async (complete) => {
      await db.write([
        { sql: MARK, params: [COMPLETE, complete] },
        { sql: MARK, params: [DUE, NO] },
      ]);
    },
  };
}

/** Part of every write that changes or removes a standing. */
export function waitlistsDue(): Statement {
  return { sql: MARK, params: [DUE, YES] };
}

function columnsOf({ holds, waits, ...rest }: Standing) {
  return { ...rest, holds: holds ? 1 : 0, waits: waits ? 1 : 0 };
}

function standingFrom(row: Row): Standing {
  return {
    tier: text(row, "tier"),
    accountId: text(row, "account_id"),
    claim: oneOf(row, "claim", CLAIMS),
    holds: number(row, "holds") === 1,
    arr: textOrNull(row, "arr"),
    waits: number(row, "waits") === 1,
  };
}
