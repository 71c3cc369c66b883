/**
 * A CRM in memory: companies with a change stamp, a search that shows changes late, and a label. A listing can be empty
 * for no good reason.
 */
import type { SourceAccount } from "../../src/ports.ts";

export interface Company {
  readonly id: string;
  readonly name: string;
  plan: string;
  label: string | null;
  gone: boolean;
  /** Change stamp, ms. */
  stamp: number;
  /** The search shows it from then on. */
  shownAt: number;
}

export interface LabelWrite {
  readonly at: number;
  readonly companyId: string;
  readonly by: string;
  readonly value: string;
}

export interface CrmModel {
  readonly companies: ReadonlyMap<string, Company>;
  readonly labelWrites: readonly LabelWrite[];
  /** true = every listing comes back empty. */
  readonly setEmpty: (empty: boolean) => void;
  readonly isEmpty: () => boolean;
  /** A person or another system changes a company. */
  readonly edit: (id: string, change: Partial<Pick<Company, "plan" | "gone">>) => void;
  readonly changedIn: (from: number, to: number) => readonly Company[];
  readonly listed: () => readonly Company[];
  readonly read: (id: string) => SourceAccount | null;
  /** Writes the label; answers the new stamp, null = no such company. */
  readonly writeLabel: (id: string, value: string, by: string) => string | null;
}

/** Property names, as the policy maps them. */
export const PLAN = "plan_tier";
export const LABEL = "support_tier";

/** The search may show a change this much later; the port says it looks back further. */
const MOST_LAG_MS = 20_000;

/** A CRM with these companies, as they were at `now()`. */
export function openCrmModel(
  now: () => number,
  given: readonly (Pick<Company, "id" | "name" | "plan"> & {
    readonly label: string | null;
    readonly stamp: number;
  })[],
): CrmModel {
  const companies = new Map<string, Company>(
    given.map((one) => [one.id, { ...one, gone: false, shownAt: one.stamp }]),
  );
  const labelWrites: LabelWrite[] = [];
  let empty = false;
  /** Stamps grow: two changes of one company never share one. */
  const stamped = (company: Company): void => {
    company.stamp = Math.max(now(), company.stamp + 1);
    company.shownAt = now() + (company.stamp % MOST_LAG_MS);
  };
  return {
    companies,
    labelWrites,
    setEmpty: (is) => {
      empty = is;
    },
    isEmpty: () => empty,
    edit: (id, change) => {
      const company = companies.get(id);
      if (company === undefined) return;
      Object.assign(company, change);
      stamped(company);
    },
    changedIn: (from, to) =>
      [...companies.values()].filter(
        ({ stamp, shownAt, gone }) => !gone && stamp >= from && stamp <= to && shownAt <= now() && !empty,
      ),
    listed: () => (empty ? [] : [...companies.values()]),
    read: (id) => {
      const company = companies.get(id);
      if (company === undefined || company.gone) return null;
      return {
        id,
        name: company.name,
        values: { [PLAN]: company.plan, [LABEL]: company.label },
        aliases: [],
        updatedAt: String(company.stamp),
      };
    },
    writeLabel: (id, value, by) => {
      const company = companies.get(id);
      if (company === undefined || company.gone) return null;
      company.label = value;
      stamped(company);
      labelWrites.push({ at: now(), companyId: id, by, value });
      return String(company.stamp);
    },
  };
}
