/** Where facts come from besides HubSpot, and which source is asked first for which fact. Types only. */

/** A file, or a folder of files, read as a CRM. */
export interface CsvTable {
  readonly kind: "csv";
  /** Column that holds the account's id. */
  readonly key: string;
  /** Column that holds the customer's name; null = none. */
  readonly name: string | null;
  /** null = found out. */
  readonly encoding: CsvEncoding | null;
  /** null = found out. */
  readonly delimiter: string | null;
}

export type CsvEncoding = "utf-8" | "utf-16le" | "windows-1252";

/** A query or table of a database, read as a CRM. */
export interface SqlTable {
  readonly kind: "sql";
  /** One SELECT, or the name of a table or view, perhaps with its schema. */
  readonly from: { readonly query: string } | { readonly table: string };
  readonly key: string;
  readonly name: string | null;
  /** Column that moves whenever the row changes; null = every row is compared at every sync. */
  readonly updatedAt: string | null;
}

/** Which source says what about an account. */
export interface SourcesPolicy {
  /** The source that defines the set of accounts. */
  readonly first: string;
  /** The other sources, each with the property that holds the id of the first source's record. */
  readonly join: Readonly<Record<string, string>>;
  /** Fact → sources, first asked first; a fact that is not listed follows `others`. */
  readonly order: Readonly<Record<string, readonly string[]>>;
  readonly others: readonly string[];
}
