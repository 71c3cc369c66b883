/** Who owner ids are. An owner property holds the owner's id, which is not the user's id. */
import type { Client } from "./client.ts";
import { ownersSchema } from "./schemas.ts";
import { listOwners } from "./sdk.ts";

/** Owner id → e-mail address, those who left included: their name may still stand on a company. */
export async function ownerAddresses(client: Client): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const archived of [true, false]) {
    let after: string | null = null;
    do {
      const page: {
        readonly owners: readonly { readonly id: string; readonly email: string | null }[];
        readonly after: string | null;
      } = await client.ask({ request: listOwners({ archived, after }), lane: "live" }, ownersSchema);
      for (const { id, email } of page.owners)
        if (email !== null && email !== "") found.set(id, email.toLowerCase());
      after = page.after;
    } while (after !== null);
  }
  return found;
}
