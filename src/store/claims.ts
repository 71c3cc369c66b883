/**
 * Who works on what: a claim is a row per subject with an owner and the end of its lease. The row's primary key
 * is the lock, the database's clock the only clock.
 */
import { randomUUID } from "node:crypto";
import type { Claim, ClaimShare, Delivery, DeliveryOutcome, Inbox } from "../ports.ts";
import { type Database, json, type Row, type Statement } from "./database.ts";
import { DELIVERY_COLUMNS, deliveryFrom, LANES } from "./delivery.ts";
import { number, oneOf, text } from "./rows.ts";

/** Deliveries looked at for each subject wanted: several of them may concern the same one. */
const LOOK_AHEAD = 8;

const TOP = LANES.indexOf("top");
const BACKFILL = LANES.indexOf("backfill");
/** Begins the reason of a delivery whose ticket is not taken together with others. */
const APART = "by itself: ";

/** Due, and no lease runs on its subject. */
const FREE = `d.state = 'pending' and d.run_at <= {now} and not exists (
      select 1 from claims c where c.kind = d.kind and c.source = d.source and c.subject_key = d.subject_key
        and c.locked_until > {now})`;

/** One urgent delivery, or one that must go by itself, keeps its whole ticket out of `together`. */
const SHARES: Readonly<Record<ClaimShare, string>> = {
  all: "",
  prompt: ` and d.lane < ${BACKFILL}`,
  together: ` and d.kind = 'ticket' and d.lane > ${TOP} and not exists (
      select 1 from deliveries o where o.kind = d.kind and o.source = d.source and o.subject_key = d.subject_key
        and o.state = 'pending' and (o.lane <= ${TOP} or o.reason like '${APART}%'))`,
  apart: ` and (d.kind <> 'ticket' or d.lane <= ${TOP} or d.reason like '${APART}%')`,
};

const DUE_TOGETHER = `select count(*) as due from (
  select distinct d.source, d.subject_key from deliveries d
  where ${FREE.replace("<= {now}", "<= {now} + cast(? as bigint)")}${SHARES.together} limit ?) as few`;

/**
 * Takes the next subjects by lane, then age. A subject is due when one of its pending deliveries is; one whose
 * lease runs is passed over. Two processes that want the same subject meet at the primary key: the second finds
 * the lease running and gets nothing.
 */
const take = (
  share: ClaimShare,
): string => `insert into claims (kind, source, subject_key, owner, locked_until)
  select kind, source, subject_key, ?, {now} + cast(? as bigint) from (
    select d.kind, d.source, d.subject_key, d.lane, d.received_at from deliveries d
    where ${FREE}${SHARES[share]}
    order by d.lane, d.received_at, d.id limit ? {skip locked}) as due
  group by kind, source, subject_key order by min(lane), min(received_at) limit ?
  on conflict (kind, source, subject_key) do update
    set owner = excluded.owner, locked_until = excluded.locked_until
    where claims.locked_until <= {now}
  returning subject_key`;

/** A row that an ended lease left behind is free. */
const TAKE_ONE = `insert into claims (kind, source, subject_key, owner, locked_until)
  values ('ticket', ?, ?, ?, {now} + cast(? as bigint))
  on conflict (kind, source, subject_key) do update
    set owner = excluded.owner, locked_until = excluded.locked_until
    where claims.locked_until <= {now}
  returning owner`;

const anyDue = (share: ClaimShare): string =>
  `select 1 as due from deliveries d where ${FREE}${SHARES[share]} limit 1`;

const ofClaim = (claim: string) => `d.kind = ${claim}.kind and d.source = ${claim}.source
  and d.subject_key = ${claim}.subject_key and d.state = 'pending' and d.run_at <= {now}`;

/** A subject settled by somebody else between our look and our lock leaves a claim on nothing. */
const DROP_EMPTY = `delete from claims where owner = ?
  and not exists (select 1 from deliveries d where ${ofClaim("claims")})`;

/** Unordered, and a cross join: an order, or SQLite's choice, would walk all deliveries instead of the few claims. */
const TAKEN = `select ${DELIVERY_COLUMNS.split(", ")
  .map((column) => `d.${column}`)
  .join(", ")}, d.lane from claims c cross join deliveries d
  where c.owner = ? and ${ofClaim("c")}`;

const OURS = "where kind = ? and source = ? and subject_key = ? and owner = ? and locked_until > {now}";

const RENEW = `update claims set locked_until = {now} + cast(? as bigint) ${OURS}`;

/**
 * A claim allows no write to the outside: an intent does, and its commit puts the claim on disk as well. A claim that a
 * power cut takes back leaves its subject free, and whoever held it finds that out before writing.
 */
const LOSABLE = { losable: true } as const;

/** The part of the inbox that hands out work and takes it back. */
export function claims(db: Database): Pick<Inbox, "claim" | "take" | "dueTogether" | "renew" | "release"> {
  return {
    dueTogether: async (upTo, withinMs = 0) =>
      number((await db.read(DUE_TOGETHER, [Math.round(withinMs), upTo]))[0] ?? {}, "due"),
    claim: async (owner, leaseMs, limit, share = "all") => {
      // The token makes this very claim the owner: the same worker taking the subject again later, after its
      // lease ran out, does not bring an old claim back to life.
      const holder = `${owner}#${randomUUID()}`;
      // Most looks find nothing: they must not stand in the way of those who write.
      if ((await db.read(anyDue(share), [])).length === 0) return [];
      const written = await db.write([
        { ...LOSABLE, sql: take(share), params: [holder, Math.round(leaseMs), limit * LOOK_AHEAD, limit] },
        { ...LOSABLE, sql: DROP_EMPTY, params: [holder] },
        { ...LOSABLE, sql: TAKEN, params: [holder] },
      ]);
      return written === "lost" ? [] : bySubject(written[2] ?? [], holder);
    },
    take: async (source, subjectId, by, leaseMs) => {
      const owner = `${by}#${randomUUID()}`;
      const params = [source, subjectId, owner, Math.round(leaseMs)];
      const written = await db.write([{ sql: TAKE_ONE, params }]);
      const ours = written !== "lost" && written[0]?.[0]?.owner === owner;
      return ours ? { kind: "ticket", subjectId, source, owner, lane: "backfill", deliveries: [] } : null;
    },
    renew: async (claim, leaseMs) => {
      return (await db.write([stillOurs(claim, leaseMs)])) !== "lost";
    },
    release: async (claim, outcome) => (await db.write(endClaim(claim, outcome))) !== "lost",
  };
}

/**
 * Fails the whole write unless the claim is still ours; its row stays locked until the commit. With `leaseMs` the lease
 * is taken anew.
 */
export function stillOurs(claim: Claim, leaseMs?: number): Statement {
  return leaseMs === undefined
    ? { sql: `update claims set owner = owner ${OURS}`, params: holds(claim), mustAffect: 1 }
    : { sql: RENEW, params: [Math.round(leaseMs), ...holds(claim)], mustAffect: 1 };
}

/** Gives the claim back and ends or postpones its deliveries; the whole write is lost unless the claim is ours. */
export function endClaim(claim: Claim, outcome: DeliveryOutcome): readonly Statement[] {
  const ids = json(claim.deliveries.map((delivery) => delivery.id));
  const { set, params } = changeFor(outcome);
  return [
    { sql: `delete from claims ${OURS}`, params: holds(claim), mustAffect: 1 },
    {
      sql: `update deliveries set ${set} where id in {list} and state = 'pending'`,
      params: [...params, ids],
    },
  ];
}

function changeFor(outcome: DeliveryOutcome): { readonly set: string; readonly params: Statement["params"] } {
  if (outcome.state === "done") {
    return {
      set: "state = 'done', settled_at = {now}, result = ?, reason = ?",
      params: [outcome.result, outcome.reason],
    };
  }
  if (outcome.state === "parked") {
    return {
      set: "state = 'parked', settled_at = {now}, reason = ?, fix = ?",
      params: [outcome.reason, outcome.fix],
    };
  }
  return {
    set: "run_at = {now} + cast(? as bigint), attempts = attempts + cast(? as integer), reason = ?",
    params: [
      Math.round(outcome.afterMs),
      outcome.countsAsAttempt ? 1 : 0,
      `${outcome.apart === true ? APART : ""}${outcome.reason}`,
    ],
  };
}

function holds(claim: Claim): Statement["params"] {
  return [claim.kind, claim.source, claim.subjectId, claim.owner];
}

function bySubject(rows: readonly Row[], owner: string): readonly Claim[] {
  const claimed = new Map<string, Claim & { readonly deliveries: Delivery[] }>();
  for (const row of rows.toSorted(inOrder)) {
    const subject = {
      kind: oneOf(row, "kind", ["ticket", "accounts"] as const),
      source: text(row, "source"),
      subjectId: text(row, "subject_key"),
    };
    const key = JSON.stringify(Object.values(subject));
    const lane = LANES[number(row, "lane")] ?? "live";
    const claim = claimed.get(key) ?? { ...subject, owner, lane, deliveries: [] };
    claim.deliveries.push(deliveryFrom(row));
    claimed.set(key, claim);
  }
  return [...claimed.values()];
}

/** Lane, then age; the id settles what came in the same millisecond. */
function inOrder(a: Row, b: Row): number {
  const by = (column: string) => number(a, column) - number(b, column);
  return by("lane") || by("received_at") || (text(a, "id") < text(b, "id") ? -1 : 1);
}
