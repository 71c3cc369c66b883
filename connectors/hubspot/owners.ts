/** Who owner ids are. An owner property holds the owner's id, which is not the user's id. */
import type { Client } from "./client.ts";
import { ownersSchema } from "./schemas.ts";
import { listOwners } from "./sdk.ts";

/** Owner id → e-mail address; "" = HubSpot knows the owner and no address. */
type Addresses = ReadonlyMap<string, string>;

/** People come and go rarely. */
const KEEP_MS = 60 * 60_000;
/** An id that stays unknown must not make every sync read the lists again. */
const UNKNOWN_MS = 5 * 60_000;

/**
 * Owner id → e-mail address, those who left included: their name may still stand on a company. Kept for an hour; asked
 * for an id that is not known, it reads again, at most every five minutes. Whoever asks meanwhile shares the reading.
 */
export function ownerBook(
  client: Client,
  now: () => number,
): (wanted?: readonly string[]) => Promise<ReadonlyMap<string, string>> {
  let kept: { readonly read: Promise<Addresses>; readonly at: number } | null = null;
  const readAgain = (): Promise<Addresses> => {
    const mine = { read: readOwners(client), at: now() };
    kept = mine;
    mine.read.catch(() => {
      if (kept === mine) kept = null;
    });
    return mine.read;
  };
  const find = async (wanted: readonly string[]): Promise<Addresses> => {
    const before = kept;
    if (before === null || now() - before.at >= KEEP_MS) return readAgain();
    const known = await before.read;
    if (wanted.every((id) => known.has(id)) || now() - before.at < UNKNOWN_MS) return known;
    // Somebody else may have read again while we waited.
    return kept === before || kept === null ? readAgain() : kept.read;
  };
  return async (wanted = []) => new Map([...(await find(wanted))].filter(([, address]) => address !== ""));
}

async function readOwners(client: Client): Promise<Addresses> {
  const found = new Map<string, string>();
  for (const archived of [true, false]) {
    let after: string | null = null;
    do {
      const page: {
        readonly owners: readonly { readonly id: string; readonly email: string | null }[];
        readonly after: string | null;
      } = await client.ask({ request: listOwners({ archived, after }), lane: "live" }, ownersSchema);
      for (const { id, email } of page.owners) found.set(id, email?.toLowerCase() || (found.get(id) ?? ""));
      after = page.after;
    } while (after !== null);
  }
  return found;
}
