/** Help desk and CRM as one process reaches them: every method is a call that takes its time and can fail. */
import { Paused, TryAgain } from "../../src/errors.ts";
import type {
  Crm,
  Desk,
  DeskSetup,
  DeskShape,
  RowOutcome,
  TicketHistory,
  TicketRowOutcome,
} from "../../src/ports.ts";
import { type CrmModel, LABEL, PLAN } from "./crm-model.ts";
import { type DeskModel, type DeskTicket, replacedBy } from "./desk-model.ts";
import type { Boundary, Life, Simulation } from "./simulation.ts";

/** What a process may be caught at when it begins to write. */
export interface WriteWatch {
  /** A write to the outside begins now. */
  readonly begins: (life: Life, what: string) => void;
  /** Runs inside the desk's conditional write, after the comparison. */
  readonly between: (ticketId: string) => void;
}

type Ask = <T>(boundary: Boundary, what: string, effect: () => T) => Promise<T>;

function askerFor(life: Life, simulation: Simulation): Ask {
  return (boundary, what, effect) => simulation.call({ life, boundary, what }, effect);
}

async function* none(): AsyncGenerator<never> {}

/** Pages of the exports. */
const PAGE = 3;
const SWEEP_LAG_MS = 90_000;
const STAFF: Readonly<Record<string, string>> = { us: "admin", agent: "agent", bot: "agent" };

/** The desk for one process. */
export function deskFor(life: Life, simulation: Simulation, model: DeskModel, watch: WriteWatch): Desk {
  const ask = askerFor(life, simulation);
  const unused = async (): Promise<never> => {
    throw new TryAgain("this desk does not answer that");
  };
  return {
    name: "zendesk",
    ...ticketsOf(ask, life, model, watch),
    ...exportsOf(ask, simulation, model),
    ...organizationsFor(ask, life, model, watch),
    describe: async () => SHAPE,
    isVerified: async () => true,
    organizationsOf: async () => [],
    // Backfill is started by people, and has no part here.
    openTicketsOf: none,
    openTickets: none,
    inspect: async () => NOTHING_SET_UP,
    invocations: async () => [],
    signsWith: async () => null,
    pulse: unused,
    agentByEmail: async () => null,
    calls: () => ({}),
  };
}

function ticketsOf(
  ask: Ask,
  life: Life,
  model: DeskModel,
  watch: WriteWatch,
): Pick<Desk, "readTicket" | "readTickets" | "readHistory" | "readSlas" | "writeTicket" | "writeTickets"> {
  return {
    readTicket: (id) => ask("desk read", `reads ticket ${id}`, () => model.read(id)),
    readTickets: (ids) =>
      ask("desk read", `reads tickets ${ids.join(" ")}`, () => ids.flatMap((id) => model.read(id) ?? [])),
    readHistory: (id) =>
      ask("desk read", `reads the audits of ${id}`, () => historyOf(model.tickets.get(id))),
    readSlas: (ids) =>
      ask("desk read", `reads SLA clocks of ${ids.join(" ")}`, () =>
        ids
          .filter((id) => model.tickets.has(id))
          .map((ticketId) => ({
            ticketId,
            policy: null,
            clocks: [{ metric: "first_reply_time", stage: "paused", breachAt: null }],
          })),
      ),
    writeTicket: async (reading, change, decisionId, _lane, before) => {
      await before?.();
      watch.begins(life, `ticket ${reading.id}`);
      return ask("desk write", `writes ticket ${reading.id} ${JSON.stringify(change)}`, () =>
        model.write(reading, change, decisionId, life.name, () => watch.between(reading.id)),
      );
    },
    writeTickets: async (rows) => {
      watch.begins(life, `tickets ${rows.map((row) => row.reading.id).join(" ")}`);
      const outcome = (
        id: string,
        ok: boolean,
        reason: string | null,
        conflict: boolean,
      ): TicketRowOutcome => ({
        id,
        ok,
        retry: !ok,
        reason,
        conflict,
      });
      const write = (): readonly TicketRowOutcome[] =>
        rows.map(({ reading, change, decisionId }) => {
          try {
            model.write(reading, change, decisionId, life.name, () => {});
            return outcome(reading.id, true, null, false);
          } catch (error) {
            return outcome(reading.id, false, String(error), true);
          }
        });
      const ids = rows.map((row) => row.reading.id);
      return rowsOrClosed(
        () => ask("desk write", `writes tickets ${ids.join(" ")} together`, write),
        () => ids.map((id) => outcome(id, false, "no answer", false)),
      );
    },
  };
}

/** A batch that is closed to us throws; any other trouble is an answer per row. */
async function rowsOrClosed<T>(work: () => Promise<T>, unanswered: () => T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Paused) throw error;
    return unanswered();
  }
}

function historyOf(ticket: DeskTicket | undefined): TicketHistory {
  const audits = ticket?.audits ?? [];
  const setter = audits.findLast((audit) => audit.changes.some((change) => change.field === "priority"));
  const opener = ticket === undefined ? null : { id: ticket.requesterId, role: "end-user", byRule: false };
  const author = setter && { id: setter.author, role: STAFF[setter.author] ?? "end-user", byRule: false };
  const ours = audits.flatMap((audit) =>
    audit.decisionId === null ? [] : [{ ...audit, id: audit.decisionId }],
  );
  return {
    priorityAuthor: author ?? opener,
    decisionIds: ours.map((audit) => audit.id),
    // The first write of a decision: another one with its id gives a person's value back.
    replaced: new Map(ours.toReversed().map((audit) => [audit.id, replacedBy(audit)])),
  };
}

function exportsOf(
  ask: Ask,
  simulation: Simulation,
  model: DeskModel,
): Pick<Desk, "createdSince" | "organizations"> {
  return {
    createdSince: async function* (from) {
      const [since = 0, after = 0] = typeof from === "number" ? [from] : from.split(":").map(Number);
      let passed = after;
      for (let last = false; !last; ) {
        const page = await ask("desk read", `lists tickets created after ${passed}`, () => {
          const old = simulation.now() - SWEEP_LAG_MS;
          const all = [...model.tickets.values()].filter(
            ({ createdAt }) => createdAt >= since && createdAt <= old,
          );
          const left = all.filter((ticket) => Number(ticket.id) > passed);
          return { rows: left.slice(0, PAGE), more: left.length > PAGE };
        });
        passed = Number(page.rows.at(-1)?.id ?? passed);
        last = !page.more;
        yield {
          tickets: page.rows.map(({ id, createdAt, status }) => ({ id, createdAt, status })),
          cursor: `${since}:${passed}`,
          last,
        };
      }
    },
    organizations: async function* (cursor) {
      const page = await ask("desk read", `lists organizations changed after ${cursor ?? "ever"}`, () =>
        model.exportedAfter(Number(cursor ?? 0)),
      );
      yield { organizations: page.rows, gone: [], cursor: String(page.cursor), last: true };
    },
  };
}

function organizationsFor(
  ask: Ask,
  life: Life,
  model: DeskModel,
  watch: WriteWatch,
): Pick<Desk, "writeOrganizations" | "createOrganizations" | "readOrganizations"> {
  return {
    writeOrganizations: (rows) => {
      const names = rows.map(({ id, fields }) => `${id} ${String(fields.ps_tier ?? "")}`).join(", ");
      watch.begins(life, `organizations ${names}`);
      return rowsOrClosed(
        () =>
          ask("desk write", `writes organizations ${names}`, () =>
            rows.map(({ id, fields }): RowOutcome => {
              model.writeOrganization(id, fields, life.name);
              return { id, ok: true, retry: false, reason: null };
            }),
          ),
        () => rows.map(({ id }) => ({ id, ok: false, retry: true, reason: "no answer" })),
      );
    },
    createOrganizations: async () => [],
    // Undoing is started by people, and has no part here either.
    readOrganizations: async () => [],
  };
}

/** The CRM for one process. */
export function crmFor(life: Life, simulation: Simulation, model: CrmModel, watch: WriteWatch): Crm {
  const ask = askerFor(life, simulation);
  const pageOf = (rows: ReturnType<CrmModel["listed"]>) => ({
    changed: rows.filter((row) => !row.gone).map((row) => ({ id: row.id, updatedAt: String(row.stamp) })),
    gone: rows.filter((row) => row.gone).map((row) => row.id),
  });
  return {
    name: "hubspot",
    test: async () => ({ tenant: "model", timezone: null, currency: null }),
    fields: async () => FIELDS,
    people: async () => new Map(),
    overlapMs: 60_000,
    calls: () => ({}),
    ensureLabel: async () => ({ created: false, added: [] }),
    changes: async function* ({ from, to }) {
      yield pageOf(await ask("crm read", "asks the CRM what changed", () => model.changedIn(from, to)));
    },
    all: async function* () {
      const rows = await ask("crm read", "lists all companies", () => model.listed());
      for (let i = 0; i < rows.length; i += PAGE) {
        // The next page is another call: what it shows may have changed.
        const page = rows.slice(i, i + PAGE);
        yield pageOf(i === 0 ? page : await ask("crm read", "lists more companies", () => page));
      }
    },
    read: (ids) =>
      ask("crm read", `reads companies ${ids.join(" ")}`, () => {
        const accounts = ids.flatMap((id) => model.read(id) ?? []);
        const found = new Set(accounts.map((one) => one.id));
        return { accounts, missing: ids.filter((id) => !found.has(id)), moved: [] };
      }),
    writeLabels: (rows) => {
      const names = rows.map(({ id, value }) => `${id} ${value}`).join(", ");
      watch.begins(life, `labels ${names}`);
      return ask("crm write", `writes labels ${names}`, () =>
        rows.map(({ id, value }) => {
          const updatedAt = model.writeLabel(id, value, life.name);
          const reason = updatedAt === null ? "no such company" : null;
          return { id, ok: updatedAt !== null, retry: false, reason, updatedAt };
        }),
      );
    },
  };
}

const FIELDS = [PLAN, LABEL, "domain", "hs_additional_domains", "hs_parent_company_id"].map((name) => ({
  name,
  label: name,
  type: "string",
  options: [],
  writable: true,
  caution: null,
}));

const SHAPE: DeskShape = {
  groups: [],
  duplicateGroups: [],
  forms: [],
  brands: [],
  slaPolicies: null,
  organizationFields: [],
  impactField: false,
  tierField: false,
  me: { id: "us", role: "admin" },
};

const NOTHING_SET_UP: DeskSetup = {
  organizationFields: [],
  ticketFields: [],
  userFields: null,
  slaPolicies: null,
  webhooks: null,
  triggers: null,
};
