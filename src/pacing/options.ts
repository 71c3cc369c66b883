/** What a pacer is told. Types only. */
import type { Budgets, Lane, Notice } from "../ports.ts";
import type { Limit } from "./budget.ts";
import type { PacerTime } from "./time.ts";

/** Who hears of an upstream that is closed to us, and of its end. */
export interface Alarm {
  raise(notice: Notice): void;
  over(key: string): void;
}

export interface PacerOptions {
  /** For messages: `Zendesk`. */
  readonly upstream: string;
  /** All calls together. */
  readonly account: Limit;
  /** Endpoint classes with a limit of their own; other classes share only the account's. */
  readonly classes: Readonly<Record<string, Limit>>;
  /** Share of the account's limit left to the customer's other apps, 0–1. */
  readonly headroom: number;
  readonly now: () => number;
  /** A caller is not kept waiting longer than this, ms. */
  readonly patienceMs: number | ((endpointClass: string, lane: Lane) => number);
  /** Where instances share the budget; left out = this pacer is alone. */
  readonly budgets?: Budgets;
  /** Names the account among the shared budgets; left out = the upstream's name. */
  readonly key?: string;
  /** What we call with at present: where it changes, a refusal of it is over. Only its hash is remembered. */
  readonly credentials?: () => string;
  readonly alarm?: Alarm;
  /** Hears that the store does not answer. */
  readonly warn?: (message: string) => void;
  readonly time?: PacerTime;
}
