/** What a step of the store's history consists of. */

/** One step: statements for each database, run in order in one transaction. */
export interface Migration {
  readonly id: string;
  readonly sqlite: readonly string[];
  readonly postgres: readonly string[];
}
