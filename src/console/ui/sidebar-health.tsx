/** How the account is doing, from its own tickets: a score with what it rests on, and what somebody must look at. */
import { FormattedMessage } from "react-intl";
import { Quiet } from "./parts/look.tsx";
import { Pill } from "./parts/words.tsx";
import { Between, Part, Plain, type TicketAnswer } from "./sidebar-parts.tsx";

const HUES = { green: "green", amber: "yellow", red: "red", unknown: "grey" } as const;

/** The colour is said in words as well; a score that is not known is never green. */
export function HealthPart({ health }: { readonly health: TicketAnswer["health"] }) {
  if (health === null) return null;
  const { score, colour, tickets, alerts } = health;
  return (
    <Part title="sidebar.health">
      <Between>
        {score === null ? (
          <FormattedMessage id="sidebar.healthUnknown" />
        ) : (
          <FormattedMessage id="sidebar.healthScore" values={{ score: Math.round(score) }} />
        )}
        <Pill $hue={HUES[colour]}>
          <FormattedMessage id={`sidebar.health.${colour}`} />
        </Pill>
      </Between>
      {alerts.length > 0 && (
        <Plain>
          {alerts.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </Plain>
      )}
      <Quiet>
        <FormattedMessage id="sidebar.healthRests" values={{ tickets }} />
      </Quiet>
    </Part>
  );
}
