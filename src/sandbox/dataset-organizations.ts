/** Help-desk organizations and their people for a list of companies. */
import { type Dice, dice } from "./dataset-dice.ts";
import type { DatasetCompany, DatasetOrganization, DatasetUser } from "./dataset-model.ts";

const GIVEN =
  "Ada Bruno Chidi Dana Elif Farid Greta Hugo Ilse Jonas Kavya Lena Marek Noor Otto Priya Remy Sofia Tariq Uma";
const FAMILY =
  "Abbot Berg Castro Diaz Ekman Fischer Grant Hale Ito Jansen Kaya Lund Moreau Nair Olsen Price Quist Rossi Saito Toth";

/** Roles without an organization, and why a match must not be made for them from the desk's side. */
const NO_ORGANIZATION: readonly string[] = ["free_mail", "same_domain_us", "same_domain_eu"];

/** How an organization of the cast names its company; other roles follow the usual mixture. */
const CAST_LINKS: Readonly<Record<string, (id: string) => string | null>> = {
  addon_tam: (id) => id,
  arr_eur: (id) => `hubspot:${id}`,
  plan_messy: (id) => `HubSpot:${id}`,
  arr_jpy: () => null,
  no_domain: (id) => id,
  hostile_name: (id) => id,
  subsidiary: () => null,
};

/**
 * The organizations of a data set: most companies have one, Aurelia has two, some have none, and some
 * organizations belong to no company. Names are unique, as the help desk demands.
 */
export function organizations(
  companies: readonly DatasetCompany[],
  seed: number,
): readonly DatasetOrganization[] {
  const names = new Set<string>();
  const made: DatasetOrganization[] = [];
  const add = (row: Omit<DatasetOrganization, "key">) => {
    const name = names.has(row.name.toLowerCase()) ? `${row.name} (${made.length + 1})` : row.name;
    names.add(name.toLowerCase());
    made.push({ ...row, name, key: `org-${made.length + 1}` });
  };
  for (const [at, company] of companies.entries()) {
    const draw = dice(seed + 1, at);
    if (hasOrganization(company, draw)) add(organizationOf(company, draw));
    if (company.role === "addon_tam") add(secondOffice(company));
  }
  add({ name: "Twin Pines Logistics", domains: ["twinpines.example"], externalId: null, companyId: null });
  add({ name: "Walk-in customers", domains: [], externalId: null, companyId: null });
  add({ name: "Press and analysts", domains: ["press.example"], externalId: null, companyId: null });
  return made;
}

/** The people of an organization; e-mail addresses are unique in the data set. */
export function usersOf(
  organization: DatasetOrganization,
  cast: boolean,
  seed: number,
): readonly DatasetUser[] {
  const draw = dice(seed + 2, Number(organization.key.slice("org-".length)));
  const first = draw.int(0, 19);
  const family = draw.int(0, 19);
  const count = cast ? 3 : draw.int(1, 3);
  const domain = organization.domains[0] ?? `${organization.key}.people.example`;
  return Array.from({ length: count }, (_, at) => {
    const given = GIVEN.split(" ")[(first + at) % 20] ?? "";
    const surname = FAMILY.split(" ")[(family + at * 7) % 20] ?? "";
    return {
      email: `${given}.${surname}@${domain}`.toLowerCase(),
      name: `${given} ${surname}`,
      organization: organization.key,
      vip: cast ? at === 1 : draw.chance(0.05),
      verified: cast ? at !== 2 : draw.chance(0.97),
    };
  });
}

/** People without an organization: senders that must be matched by domain, or must not be matched at all. */
export function looseUsers(): readonly DatasetUser[] {
  const row = (email: string, name: string, verified = true) => ({
    email,
    name,
    organization: null,
    vip: false,
    verified,
  });
  return [
    row("ops@plant2.mail.bergfels.example", "Bergfels plant 2"),
    row("martas.bakery@gmail.com", "Marta Oliveira"),
    row("dispatch@twinpines.example", "Twin Pines dispatch"),
    row("hello@unheard-of.example", "Wren Unheard"),
    row("ceo@aurelia.example", "“The CEO”", false),
  ];
}

function hasOrganization(company: DatasetCompany, draw: Dice): boolean {
  if (company.role !== null) return !NO_ORGANIZATION.includes(company.role);
  return draw.chance(0.92);
}

function organizationOf(company: DatasetCompany, draw: Dice): Omit<DatasetOrganization, "key"> {
  const { name, domain } = company.properties;
  return {
    name: name ?? `Company ${company.id}`,
    domains: domain === null ? [] : [domain],
    externalId: linkOf(company, draw),
    companyId: company.id,
  };
}

/** Without a domain nothing but the external id can make the link, so there it is always set. */
function linkOf(company: DatasetCompany, draw: Dice): string | null {
  const chosen = company.role === null ? undefined : CAST_LINKS[company.role];
  if (chosen !== undefined) return chosen(company.id);
  const roll = draw.next();
  if (roll < 0.6) return company.id;
  if (roll < 0.75) return `hubspot:${company.id}`;
  return company.properties.domain === null ? company.id : null;
}

function secondOffice(company: DatasetCompany): Omit<DatasetOrganization, "key"> {
  return {
    name: "Aurelia Robotics Japan",
    domains: ["aurelia-robotics.example"],
    externalId: null,
    companyId: company.id,
  };
}
