/** Which accounts list which mail domains. */
import type { Accounts } from "../ports.ts";
import { type Database, json } from "./database.ts";
import { number, text } from "./rows.ts";

const LISTING = `select d.domain, d.account_id from account_domains d join accounts a on a.id = d.account_id
  where d.domain in {list} and a.gone_on is null order by d.domain, d.account_id`;

const SHARED = `select d.domain from account_domains d join accounts a on a.id = d.account_id
  where a.gone_on is null group by d.domain having count(*) > 1`;

/** Domains on a database. */
export function listedDomains(db: Database): Pick<Accounts, "listing" | "sharedDomains"> {
  const listing: Accounts["listing"] = async (domains) => {
    const found = new Map<string, string[]>();
    for (const row of await db.read(LISTING, [json(domains.map((domain) => domain.toLowerCase()))])) {
      const domain = text(row, "domain");
      found.set(domain, [...(found.get(domain) ?? []), text(row, "account_id")]);
    }
    return found;
  };
  return {
    listing,
    sharedDomains: async (limit) => {
      const [counts = {}] = await db.read(`select count(*) as n from (${SHARED}) as shared`, []);
      const rows = await db.read(`${SHARED} order by d.domain limit ?`, [limit]);
      const found = await listing(rows.map((row) => text(row, "domain")));
      return {
        count: number(counts, "n"),
        domains: [...found].map(([domain, accountIds]) => ({ domain, accountIds })),
      };
    },
  };
}
