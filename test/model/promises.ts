/** What must hold when everything has come to rest. Each promise answers with the ways in which it was broken. */
import type { DecisionRecord, TicketImage } from "../../src/ports.ts";
import type { Audit, DeskTicket } from "./desk-model.ts";
import type { Drained } from "./drain.ts";
import { DEMOTIONS_ALLOWED, START, TIERS, tierOfPlan } from "./installation.ts";
import type { World } from "./world.ts";

type Found = readonly string[];

/** Everything that is wrong with the end of a run. */
export async function brokenPromises(world: World, drained: Drained): Promise<Found> {
  const tickets = [...world.desk.tickets.values()];
  const perTicket = await Promise.all(
    tickets.map(async (ticket) =>
      ticketPromises(world, ticket, await world.plain.ledger.decisionsOf(ticket.id)),
    ),
  );
  return [
    ...world.witness.breaches(),
    ...deliveriesEnd(world),
    ...perTicket.flat(),
    ...guarded(world),
    ...(drained.idleSync === null ? [] : await newestWins(world)),
    ...(await writesOnRecord(world)),
    ...nothingLeft(world, drained),
  ];
}

/** Acknowledged = ended: done with a reason, or parked with a fix. */
function deliveriesEnd({ memory, witness }: World): Found {
  const rows = memory.rows("select body, subject_id, state, reason, fix from deliveries");
  const known = new Set(rows.map((row) => String(row.body)));
  return [
    ...rows.flatMap(({ body, subject_id: subject, state, reason, fix }) => {
      if (state === "done" && reason) return [];
      if (state === "parked" && reason && fix) return [];
      return [`delivery ${body} about ${subject} never ended: it is ${state}, reason ${reason}`];
    }),
    ...witness.acknowledged
      .filter((key) => !known.has(key))
      .map((key) => `webhook ${key} was acknowledged and is nowhere`),
  ];
}

function ticketPromises(world: World, ticket: DeskTicket, records: readonly DecisionRecord[]): Found {
  return [
    ...writtenOnce(world, ticket),
    ...ledgerAgrees(world, ticket, records),
    ...(world.witness.excused.has(ticket.id) ? [] : looksAsDecided(world, ticket, records)),
  ];
}

/** A decision is written once, and there are no more writes than reasons to write. */
function writtenOnce({ witness, memory }: World, ticket: DeskTicket): Found {
  const ours = ticket.audits.filter((audit) => audit.author === "us" && !witness.isGivenBack(audit));
  const twice = ours.filter(
    (audit, index) => ours.findIndex((one) => one.decisionId === audit.decisionId) < index,
  );
  // The creation is one reason however often it is told; a webhook told twice is stored once.
  const later = memory.rows(
    `select distinct body from deliveries where subject_id = ? and hint not like '%"event":"created"%'
      and hint not like '%"event":"other"%'`,
    [ticket.id],
  );
  const reasons = 1 + later.length;
  return [
    ...twice.map((audit) => `decision ${audit.decisionId} was written twice on ticket ${ticket.id}`),
    ...(ours.length > reasons
      ? [`ticket ${ticket.id} was changed ${ours.length} times for ${reasons} event(s)`]
      : []),
  ];
}

/** Every write of ours is on record with what was there before, and every record is true. */
function ledgerAgrees({ witness }: World, ticket: DeskTicket, records: readonly DecisionRecord[]): Found {
  const byId = new Map(records.map((record) => [record.id, record]));
  const ours = ticket.audits.filter((audit) => audit.author === "us" && !witness.isGivenBack(audit));
  return [
    ...ours.flatMap((audit) => {
      const record = byId.get(audit.decisionId ?? "");
      if (record === undefined) return [`a write on ticket ${ticket.id} is not in the ledger`];
      if (record.state !== "written")
        return [`a write on ticket ${ticket.id} is in the ledger as ${record.state}: ${record.outcome}`];
      return imageDiffers(audit, record).map((what) => `the ledger of ticket ${ticket.id} is wrong: ${what}`);
    }),
    ...records.flatMap((record) => {
      if (record.state === "intended") return [`decision ${record.id} on ticket ${ticket.id} stays in doubt`];
      if (record.decision.reasons.length === 0) return [`decision ${record.id} has no reason`];
      if (record.outcome === "") return [`decision ${record.id} does not say how it ended`];
      const written = record.state === "written" && record.change !== null;
      if (written && !ours.some((audit) => audit.decisionId === record.id) && !wasForestalled(ticket, record))
        return [`the ledger says ticket ${ticket.id} was written (${record.outcome}), the desk does not`];
      return [];
    }),
  ];
}

/** A person set just that value in the middle of our write, which then changed nothing. */
function wasForestalled({ audits }: DeskTicket, { change }: DecisionRecord): boolean {
  const wanted = [change?.priority, change?.group].filter((value) => value !== undefined);
  return audits.some(
    (audit) =>
      audit.author === "agent" && audit.changes.some(({ after }) => wanted.some((value) => value === after)),
  );
}

function imageDiffers(audit: Audit, record: DecisionRecord): Found {
  return audit.changes.flatMap(({ field, before, after }) => {
    if (field !== "priority" && field !== "group") return [];
    const image: TicketImage = record.before;
    return [
      ...(image[field] === before ? [] : [`${field} was ${before} before us, it says ${image[field]}`]),
      ...(record.change?.[field] === after
        ? []
        : [`${field} became ${after}, it says ${record.change?.[field]}`]),
    ];
  });
}

/** A ticket that is ours to decide was decided, on the organization it has, and shows the tier decided. */
function looksAsDecided({ witness }: World, ticket: DeskTicket, records: readonly DecisionRecord[]): Found {
  const real = records.filter((record) => record.state !== "simulated");
  const [last] = real;
  if (last === undefined) return [`nobody ever looked at ticket ${ticket.id}`];
  if (ticket.status === "closed") return [];
  const moved = witness.moved.get(ticket.id);
  const found: string[] = [];
  if (moved?.told === true && last.before.organizationId !== ticket.organizationId)
    found.push(
      `ticket ${ticket.id} was moved to ${ticket.organizationId}, the last decision stands on ${last.before.organizationId}`,
    );
  const applied = real.find((record) => record.decision.action === "apply");
  const tiers = ticket.tags.filter((tag) => tag.startsWith("ps_tier_"));
  const wanted = applied?.decision.action === "apply" ? [`ps_tier_${applied.decision.tier}`] : [];
  if (tiers.join() !== wanted.join())
    found.push(
      `ticket ${ticket.id} is tagged ${tiers.join(" ") || "with no tier"}, decided was ${wanted.join()}`,
    );
  return found;
}

const RANK = (tag: string | null | undefined): number => TIERS.indexOf((tag ?? "").replace("ps_tier_", ""));
/** A little less than the guard's own day: processes' clocks may be off by an hour. */
const WINDOW_MS = 22 * 3_600_000;

/** Nobody but a person takes more customers' tiers than the guard allows. */
function guarded({ desk, approved, goneOnce }: World): Found {
  const lowered: number[] = [];
  for (const { at, organizationId, before, fields } of desk.organizationWrites) {
    if (fields.ps_tier === undefined || !before.ps_tier) continue;
    const accountId = organizationId.replace("org_", "hubspot:");
    const wanted = approved.get(accountId);
    // A company that is gone loses its tier by its contract's end; a listing that shrank is held long before.
    const isGone = goneOnce.has(accountId);
    const isApproved = isGone || (wanted !== undefined && wanted <= at);
    if (RANK(fields.ps_tier) < RANK(before.ps_tier) && !isApproved) lowered.push(at);
  }
  // Counted by when they were written, which may be long after they passed: so many may have passed by then.
  return lowered.flatMap((at, before) => {
    const days = 1 + Math.floor((at - START) / WINDOW_MS);
    return before + 1 > DEMOTIONS_ALLOWED * days
      ? [`${before + 1} customers were demoted within ${days} day(s) and nobody approved it`]
      : [];
  });
}

/** Every customer shows what the CRM says now. */
async function newestWins({ crm, desk, plain, rejected }: World): Promise<Found> {
  const found: string[] = [];
  for (const company of crm.companies.values()) {
    const accountId = `hubspot:${company.id}`;
    // What a person has refused stays refused until the record says something else.
    if (rejected.has(accountId)) continue;
    const tier = company.gone ? "standard" : tierOfPlan(company.plan);
    const says = (where: string, what: string | null | undefined): void => {
      if (what !== tier) found.push(`company ${company.id} buys ${tier}, ${where} says ${what}`);
    };
    says(
      "its organization",
      desk.organizations.get(`org_${company.id}`)?.fields.ps_tier?.replace("ps_tier_", ""),
    );
    says("its entitlement", (await plain.accounts.entitlements([accountId])).get(accountId)?.tier);
    if (!company.gone) says("its label", company.label);
  }
  return found;
}

/** Every write of an organization is on record with the same values. */
async function writesOnRecord({ memory, desk }: World): Promise<Found> {
  const rows = memory.rows("select target_id, after_image from sync_writes where target = 'organization'");
  const known = new Set(rows.map((row) => `${row.target_id} ${String(row.after_image)}`));
  return desk.organizationWrites
    .filter(({ organizationId, fields }) => !known.has(`${organizationId} ${JSON.stringify(fields)}`))
    .map(({ organizationId, fields }) => `a write of ${organizationId} (${fields.ps_tier}) is not on record`);
}

/** No work is left, and a sync at rest writes nothing. */
function nothingLeft({ memory }: World, { idleSync }: Drained): Found {
  const count = (table: string, where: string): number =>
    Number(memory.rows(`select count(*) as n from ${table} where ${where}`)[0]?.n ?? 0);
  const left: readonly (readonly [string, number])[] = [
    ["claims are left", count("claims", "true")],
    ["accounts are still marked", count("pending_accounts", "true")],
    ["changes were never judged", count("held_facts", "state = 'proposed'")],
    ["writes of an idle sync", (idleSync?.organizations ?? 0) + (idleSync?.labels ?? 0)],
  ];
  return left.filter(([, n]) => n > 0).map(([what, n]) => `${n} ${what}`);
}
