/** The CRM: changed records, their values as text, and the label back. Types only. */
import type { Instant } from "../policy/model.ts";
import type { RowOutcome } from "./desk.ts";

/** A CRM record as text; the core reads the facts by kind. */
export interface SourceAccount {
  readonly id: string;
  readonly name: string | null;
  /** Only the properties asked for. null and "" both mean empty. */
  readonly values: Readonly<Record<string, string | null>>;
  /** Ids merged into this record. */
  readonly aliases: readonly string[];
  /** The CRM's own change stamp, opaque; equal stamp = nothing changed. */
  readonly updatedAt: string | null;
}

export interface SourceField {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly writable: boolean;
  /** Why this field should be mapped with care, or null. */
  readonly caution: string | null;
}

/** A record that could not be read; the last good facts stay. */
export interface RefusedRecord {
  /** null = not even its id could be read: after such a walk nobody may be taken for gone. */
  readonly id: string | null;
  /** Where a person finds it: `customers.csv, line 17`. */
  readonly where: string;
  readonly reason: string;
}

/** What a field holds, as far as a sample of the records shows. */
export interface FieldSample {
  readonly name: string;
  /** Records looked at, and how many of them have a value. */
  readonly looked: number;
  readonly filled: number;
  /** Values as they stand in the CRM, most frequent first, cut to 60 characters. */
  readonly samples: readonly string[];
}

/** Changed record ids with the stamps they now carry; without a stamp the record must be read to be sure. */
export interface ChangePage {
  readonly changed: readonly {
    readonly id: string;
    readonly updatedAt: string | null;
    /** Record id of the parent, null = none; absent = not told. A CRM may move it without moving the stamp. */
    readonly parent?: string | null;
  }[];
  readonly gone: readonly string[];
  /** Records that are there and could not be read; left out = none. */
  readonly refused?: readonly RefusedRecord[];
}

/**
 * What a CRM cannot do. `change_feed`: it cannot tell what changed, so everything is walked every time. `deletions`: it
 * does not name what was deleted; what a complete walk does not show is gone. `label`: nothing is ever written to it.
 * `merges`: it does not tell which record became which.
 */
export type CrmLack = "change_feed" | "deletions" | "label" | "merges";

export interface Crm {
  readonly name: string;
  /** What it cannot do, as data; left out = nothing is missing. */
  readonly lacks?: readonly CrmLack[];
  /** Can we connect, and as whom? @throws Paused or NeedsAdmin with a fix. */
  test(): Promise<{
    readonly tenant: string;
    readonly timezone: string | null;
    readonly currency: string | null;
  }>;
  fields(): Promise<readonly SourceField[]>;
  /** What these fields hold in at most `limit` of the most recently changed records; absent = cannot be told. */
  readonly describeFields?: (
    properties: readonly string[],
    limit: number,
    signal: AbortSignal,
  ) => Promise<readonly FieldSample[]>;
  /** The day's calls as last told by the CRM; absent, or null = not told (yet). */
  readonly budget?: () => {
    readonly limit: number;
    readonly remaining: number;
    /** When the count starts anew; null = not known. */
    readonly resetsAt: Instant | null;
  } | null;
  /**
   * Id of a person in the CRM, as owner properties hold it → e-mail address; empty where the CRM knows none. It may be as
   * it was a while ago; ids in `wanted` that it does not know are reason to ask again.
   */
  people(wanted?: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Records whose change stamp lies in [from, to]; pages in id order. */
  changes(
    window: { readonly from: Instant; readonly to: Instant },
    signal: AbortSignal,
  ): AsyncIterable<ChangePage>;
  /**
   * Every record, archived ones in `gone`.
   *
   * @param lastCount records of the last complete walk; null = unknown. A source that can be cut short without
   * noticing (a file, a query) refuses to be much smaller than that. @throws NeedsAdmin it shrank.
   */
  all(signal: AbortSignal, lastCount?: number | null): AsyncIterable<ChangePage>;
  /** Fresh values of up to any number of ids; `moved` = merged into another record. */
  read(
    ids: readonly string[],
    properties: readonly string[],
    signal: AbortSignal,
  ): Promise<{
    readonly accounts: readonly SourceAccount[];
    readonly missing: readonly string[];
    readonly moved: readonly { readonly from: string; readonly into: string }[];
  }>;
  /** Writes the label property; one outcome per record. `updatedAt` = the stamp our own write caused. */
  writeLabels(
    rows: readonly { readonly id: string; readonly value: string }[],
    property: string,
    signal: AbortSignal,
  ): Promise<readonly (RowOutcome & { readonly updatedAt: string | null })[]>;
  /** How far back a window must reach to catch records the index shows late, ms. */
  readonly overlapMs: number;
  /** Makes sure that the label property exists and has these options; others it has are kept. */
  ensureLabel(
    property: string,
    options: readonly { readonly value: string; readonly label: string }[],
  ): Promise<{ readonly created: boolean; readonly added: readonly string[] }>;
  /** Calls made since start, by endpoint class. */
  calls(): Readonly<Record<string, number>>;
}
