/** The vendor's own people: CRM owners, help-desk agents and groups. Fictional, on `.example` addresses. */
import type { DatasetAgent, DatasetOwner } from "./dataset-model.ts";

/** Help-desk groups, named as the example policy names them. */
export const GROUPS: readonly string[] = [
  "Support",
  "Priority Support",
  "Enterprise Support",
  "Premier Support",
  "On-call",
];

/** Owner ids by the part they play. Deliberately unlike their user ids: confusing the two is a real mistake. */
export const OWNER_IDS = {
  tamTess: "52410117",
  tamIdris: "52410342",
  tamLeft: "49873305",
  salesJune: "50118264",
  salesPavel: "50118991",
  salesRosa: "51700423",
} as const;

/** CRM owners. One technical account manager has left: archived here, suspended in the help desk. */
export function owners(): readonly DatasetOwner[] {
  const row = (id: string, userId: string, firstName: string, lastName: string, archived = false) => ({
    id,
    userId,
    email: `${firstName}.${lastName}@northwind.example`.toLowerCase(),
    firstName,
    lastName,
    archived,
  });
  return [
    row(OWNER_IDS.tamTess, "1104821", "Tess", "Amari"),
    row(OWNER_IDS.tamIdris, "1104822", "Idris", "Okafor"),
    row(OWNER_IDS.tamLeft, "0998217", "Quentin", "Vale", true),
    row(OWNER_IDS.salesJune, "1187003", "June", "Halloran"),
    row(OWNER_IDS.salesPavel, "1187004", "Pavel", "Dvorak"),
    row(OWNER_IDS.salesRosa, "1201555", "Rosa", "Lindqvist"),
  ];
}

/** Help-desk agents; technical account managers have the same e-mail here as in the CRM. */
export function agents(): readonly DatasetAgent[] {
  const row = (name: string, groups: readonly string[], active = true) => ({
    email: `${name.toLowerCase().replace(" ", ".")}@northwind.example`,
    name,
    groups,
    active,
  });
  return [
    row("Tess Amari", ["Premier Support"]),
    row("Idris Okafor", ["Premier Support", "On-call"]),
    row("Quentin Vale", ["Premier Support"], false),
    row("Mei Tanaka", ["Premier Support", "On-call"]),
    row("Oskar Brandt", ["Enterprise Support", "On-call"]),
    row("Leila Haddad", ["Enterprise Support"]),
    row("Sam Adeyemi", ["Priority Support"]),
    row("Ines Ferreira", ["Priority Support", "Support"]),
    row("Bo Larsen", ["Support"]),
    row("Nadia Petrov", ["Support"]),
  ];
}
