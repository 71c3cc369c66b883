/** What the policy says to customers beyond times: the words of the SLA document. Types only. */
import type { Priority } from "./model-basics.ts";

/** Metric ids as in the policy file. */
type Metric = "first_reply" | "next_reply" | "resolution";

/** Null or empty = the policy says nothing about it, and neither does the document. */
export interface Terms {
  /** Who promises. */
  readonly provider: string | null;
  /** Metrics that are commitments; the others are targets. */
  readonly commitments: readonly Metric[];
  readonly severities: Readonly<
    Partial<Record<Priority, { readonly means: string; readonly examples: readonly string[] }>>
  >;
  readonly channels: { readonly covered: readonly string[]; readonly notCovered: readonly string[] };
  /** Who is told at which share of the target. */
  readonly escalation: readonly { readonly at: number; readonly to: string }[];
  readonly afterHours: string | null;
  readonly exclusions: readonly string[];
  readonly review: string | null;
  readonly changeNoticeDays: number | null;
  readonly serviceCredit: ServiceCredit | null;
}

/** More than `toleratedMisses` in a calendar quarter give back a share of the quarter's fee. */
export interface ServiceCredit {
  /** Misses of these metrics count. */
  readonly metrics: readonly Metric[];
  readonly toleratedMisses: number;
  readonly shareOfQuarter: number;
  /** Days after the quarter in which the customer may claim it; null = no limit. */
  readonly claimDays: number | null;
}
