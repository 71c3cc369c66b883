/** A pilot: the policy may name the only brands, or the only organizations by tag, whose tickets are ours. */
import { NeedsAdmin } from "./errors.ts";
import type { Policy } from "./policy/model.ts";
import type { Desk, TicketReading } from "./ports.ts";

/**
 * Why a pilot's limits leave this ticket out, or null.
 *
 * @throws NeedsAdmin none of the policy's brands exists.
 */
export async function outsidePilot(
  desk: Pick<Desk, "describe">,
  policy: Policy,
  reading: TicketReading,
): Promise<string | null> {
  const { brands, onlyOrganizationsTagged } = policy.desk;
  if (brands.length > 0) {
    const known = (await desk.describe()).brands.filter(
      (b) => brands.includes(b.name) || brands.includes(b.id),
    );
    if (known.length === 0)
      throw new NeedsAdmin("none of the brands in desk.zendesk.brands exists", {
        fix: "Correct the brand names in the policy.",
      });
    if (!known.some((b) => b.id === reading.brandId)) return "outside_brands";
  }
  if (onlyOrganizationsTagged.length === 0) return null;
  return onlyOrganizationsTagged.some((tag) => reading.organizationTags.includes(tag))
    ? null
    : "outside_tagged_organizations";
}
