/** The curated cast: companies with memorable names, each there to show one rule well. */
import type { Instant } from "../policy/model.ts";
import { MAIN_PARTS } from "./dataset-cast-main.ts";
import { ODD_PARTS } from "./dataset-cast-odd.ts";
import type { DatasetCompany } from "./dataset-model.ts";
import { playedBy } from "./dataset-part.ts";

/** How many companies the cast has. */
export function castSize(): number {
  return MAIN_PARTS.length + ODD_PARTS.length;
}

/** The cast's companies in a fixed order; dates are relative to `asOf`. */
export function castCompanies(asOf: Instant): readonly DatasetCompany[] {
  const parts = [...MAIN_PARTS, ...ODD_PARTS];
  const idOf = new Map(parts.map((part, at) => [part.role, castId(at)]));
  return parts.map((part, at) => ({
    id: castId(at),
    role: part.role,
    shows: part.shows,
    properties: playedBy(part, asOf, part.parent === undefined ? null : (idOf.get(part.parent) ?? null)),
  }));
}

/** Record ids as a grown portal has them: of unlike lengths, so that text order and number order differ. */
function castId(at: number): string {
  const short = 7_198_000_113 + at * 1_009;
  return at % 4 === 3 ? `${short}82` : String(short);
}
