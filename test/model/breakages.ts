/** Ways to break the product at its ports. Each takes away one thing that a promise rests on; the model must notice. */
import type { Desk, Store } from "../../src/ports.ts";
import type { InstancePorts } from "./instance.ts";
import type { Scenario } from "./run.ts";

export interface Breakage {
  /** What no longer works. */
  readonly name: string;
  readonly about: Scenario["about"];
  readonly broken: (ports: InstancePorts) => InstancePorts;
  /** How the model complains, of whatever else it finds. */
  readonly noticed: RegExp;
}

const desk =
  (change: (desk: Desk) => Partial<Desk>): Breakage["broken"] =>
  (ports) => ({ ...ports, desk: { ...ports.desk, ...change(ports.desk) } });

/** One part of the store with some methods replaced. */
function store<Part extends keyof Store>(
  part: Part,
  change: (part: Store[Part]) => Partial<Store[Part]>,
): Breakage["broken"] {
  return (ports) => {
    const whole = ports.store[part];
    const broken = { ...(whole as object), ...change(whole) };
    return { ...ports, store: { ...ports.store, [part]: broken } };
  };
}

/** A switch in the store that nobody sees. */
const blindTo = (name: string): Breakage["broken"] =>
  store("register", (register) => ({
    setting: async (asked) => (asked === name ? null : register.setting(asked)),
  }));

/** Every breakage that the model is held against. */
export const BREAKAGES: readonly Breakage[] = [
  {
    name: "writes are not conditional: the stamp is read anew just before",
    about: "tickets",
    broken: desk((whole) => ({
      writeTicket: async (reading, change, id, lane, before) => {
        const stamp = (await whole.readTicket(reading.id, lane))?.stamp ?? reading.stamp;
        return whole.writeTicket({ ...reading, stamp }, change, id, lane, before);
      },
    })),
    noticed: /overwrote|was changed \d+ times|wrote ticket|was moved|was lowered|written twice/,
  },
  {
    name: "nobody compares what a write replaced",
    about: "tickets",
    broken: desk((whole) => ({
      writeTicket: async (...write) => ({ ...(await whole.writeTicket(...write)), replaced: {} }),
    })),
    noticed: /overwrote the (?:priority|group)/,
  },
  {
    name: "a write in doubt is not looked for in the audits",
    about: "tickets",
    broken: desk((whole) => ({
      readHistory: async (...ask) => ({ ...(await whole.readHistory(...ask)), decisionIds: [] }),
    })),
    noticed: /is in the ledger as left|written twice/,
  },
  {
    name: "whoever set a priority, it passes for the requester's",
    about: "tickets",
    broken: desk((whole) => ({
      readHistory: async (...ask) => ({
        ...(await whole.readHistory(...ask)),
        priorityAuthor: { id: "requester", role: "end-user", byRule: false },
      }),
    })),
    noticed: /overwrote the priority/,
  },
  {
    name: "tags are replaced as a whole list",
    about: "tickets",
    broken: desk((whole) => ({
      writeTicket: (reading, change, id, lane, before) => {
        const tagsRemove = reading.tags.filter((tag) => !change.tagsAdd?.includes(tag));
        return whole.writeTicket(reading, { ...change, tagsRemove }, id, lane, before);
      },
    })),
    noticed: /touched the tags|tagged with no tier/,
  },
  {
    name: "nothing is put on record before a write",
    about: "tickets",
    broken: store("ledger", () => ({ intend: async () => true })),
    noticed: /is not in the ledger|is in the ledger as/,
  },
  {
    name: "the ledger is not read before a decision",
    about: "tickets",
    broken: store("ledger", () => ({ decisionsOf: async () => [] })),
    noticed: /overwrote|was lowered|was changed|fought over|written twice|stays in doubt|in the ledger as/,
  },
  {
    name: "a webhook is acknowledged before it is stored",
    about: "tickets",
    broken: store("inbox", (inbox) => ({
      accept: async (...delivery) => {
        inbox.accept(...delivery).catch(() => {});
        return "stored";
      },
    })),
    noticed: /was acknowledged and is nowhere/,
  },
  {
    name: "what should be tried again is taken for done",
    about: "tickets",
    broken: store("inbox", (inbox) => ({
      release: (claim, outcome) =>
        inbox.release(claim, { ...outcome, state: "done", result: "left", reason: outcome.reason }),
    })),
    noticed: /nobody ever looked|stays in doubt|the last decision stands on|tagged/,
  },
  {
    name: "nobody sweeps for tickets without a webhook",
    about: "tickets",
    broken: desk(() => ({
      createdSince: async function* () {
        yield { tickets: [], cursor: "0:0", last: true };
      },
    })),
    noticed: /nobody ever looked at ticket/,
  },
  {
    name: "a pause is not seen",
    about: "tickets",
    broken: blindTo("paused"),
    noticed: /the service is paused/,
  },
  {
    name: "simulation is not seen",
    about: "tickets",
    broken: blindTo("mode"),
    noticed: /the service is simulating/,
  },
  {
    name: "the brake forgets what passed it before",
    about: "accounts",
    broken: store("guard", () => ({ passedSince: async () => 0 })),
    noticed: /customers were demoted within/,
  },
  {
    name: "accounts with new facts are not marked",
    about: "accounts",
    broken: store("accounts", () => ({ markPending: async () => {} })),
    noticed: /its organization says|its label says|no sync corrects/,
  },
];
