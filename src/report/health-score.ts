/** How an account is doing, 0–100, from the signals that are there; a missing signal is left out and named. */
import { poissonAtLeast } from "./distributions.ts";

/** Weights of the signals; they sum to 1. */
export const SIGNAL_WEIGHTS = {
  volume: 0.25,
  breach: 0.15,
  reopened: 0.15,
  csat: 0.2,
  sentiment: 0.15,
  usage: 0.1,
} as const;

export type HealthSignal = keyof typeof SIGNAL_WEIGHTS;
/** 0 (bad) to 100 (good); null = not known. */
export type Signals = Readonly<Record<HealthSignal, number | null>>;
export type HealthColour = "green" | "amber" | "red" | "unknown";

export interface Health {
  /** Weighted mean over present signals; null = less than 60 % of the weight is present. */
  readonly score: number | null;
  readonly colour: HealthColour;
  /** Part of the weight that is present, 0–1. */
  readonly present: number;
  readonly missing: readonly HealthSignal[];
}

const ENOUGH = 0.6;
const GREEN_FROM = 70;
const AMBER_FROM = 50;

/** The score of an account. Below 60 % of the weight it is unknown, never green. */
export function healthOf(signals: Signals): Health {
  const names = Object.keys(SIGNAL_WEIGHTS) as HealthSignal[];
  const known = names.flatMap((name) => {
    const value = signals[name];
    return value === null ? [] : [{ weight: SIGNAL_WEIGHTS[name], value }];
  });
  const present = known.reduce((sum, one) => sum + one.weight, 0);
  const missing = names.filter((name) => signals[name] === null);
  // Weights are decimal fractions: three times 0.2 is not 0.6 in binary.
  if (present < ENOUGH - 1e-9) return { score: null, colour: "unknown", present, missing };
  const score = known.reduce((sum, one) => sum + one.weight * one.value, 0) / present;
  return { score, colour: colourOf(score), present, missing };
}

function colourOf(score: number): HealthColour {
  if (score >= GREEN_FROM) return "green";
  return score >= AMBER_FROM ? "amber" : "red";
}

/** Is this week's number of tickets more than chance, for an account with so many in the 8 weeks before? */
export interface Spike {
  readonly week: number;
  /** Mean of the 8 weeks before. */
  readonly usual: number;
  /** Chance of so many or more if nothing had changed. */
  readonly chance: number;
  readonly alert: boolean;
}

const SPIKE_TICKETS = 4;
const SPIKE_CHANCE = 0.01;

/** A spike needs at least 4 tickets and less than 1 % chance. */
export function spikeOf(week: number, usual: number): Spike {
  const chance = poissonAtLeast(week, usual);
  return { week, usual, chance, alert: week >= SPIKE_TICKETS && chance < SPIKE_CHANCE };
}
