/** How the account is doing. */
import { FormattedMessage } from "react-intl";
import { Part, type TicketAnswer } from "./sidebar-parts.tsx";

/** The score, in words of what it is out of. */
export function HealthPart({ health }: { readonly health: NonNullable<TicketAnswer["health"]> }) {
  return (
    <Part title="sidebar.health">
      <FormattedMessage id="sidebar.healthScore" values={{ score: Math.round(health) }} />
    </Part>
  );
}
