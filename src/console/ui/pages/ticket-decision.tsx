/** One decision with everything it rests on: what was changed, what was promised, why, and from which facts. */
import { getColor } from "@zendeskgarden/react-theming";
import { FormattedMessage, FormattedNumber } from "react-intl";
import styled from "styled-components";
import { Panel, Panels, Quiet, Stack } from "../parts/look.tsx";
import { useSay } from "../parts/said.ts";
import { Moment } from "../parts/words.tsx";
import type { FullDecision } from "./full-decision.ts";
import { Facts } from "./ticket-facts.tsx";
import { Promised } from "./ticket-promise.tsx";
import { Written } from "./ticket-written.tsx";

interface DecisionProps {
  readonly decision: FullDecision;
}

/** All of it, as panels. */
export function DecisionInFull({ decision }: DecisionProps) {
  return (
    <Stack>
      <Panels $min="380px">
        <Written decision={decision} />
        <Promised decision={decision} />
      </Panels>
      <Panels $min="380px">
        <Reasons decision={decision} />
        <Facts decision={decision} />
      </Panels>
      <Foot decision={decision} />
    </Stack>
  );
}

function Reasons({ decision: { reasons, flags, keyword } }: DecisionProps) {
  const say = useSay();
  return (
    <Panel>
      <Stack $gap="sm">
        <h2>
          <FormattedMessage id="ticket.why" />
        </h2>
        <Steps>
          {reasons.map((one) => (
            <li key={one.code}>
              {say(one)} <Code>{one.code}</Code>
            </li>
          ))}
        </Steps>
        {flags.length > 0 && (
          <Marks>
            {flags.map((one) => (
              <li key={one.code}>
                {say(one)} <Code>{one.code}</Code>
              </li>
            ))}
          </Marks>
        )}
        {keyword !== null && <FormattedMessage id="ticket.keyword" values={{ keyword }} />}
      </Stack>
    </Panel>
  );
}

function Foot({ decision }: DecisionProps) {
  const { policyVersion, event, decidedAt, ms } = decision;
  return (
    <Quiet>
      <FormattedMessage
        id="ticket.foot"
        values={{
          version: policyVersion,
          event: <FormattedMessage id={`ticket.event.${event}`} defaultMessage={event} />,
          at: <Moment at={decidedAt} />,
          seconds:
            ms === null ? (
              "–"
            ) : (
              <FormattedNumber value={ms / 1000} maximumFractionDigits={ms < 10_000 ? 1 : 0} />
            ),
        }}
      />
    </Quiet>
  );
}

/** One of the decisions before, folded. */
export function EarlierDecision({ decision }: DecisionProps) {
  const { event, decidedAt, state } = decision;
  return (
    <Folded>
      <summary>
        <Moment at={decidedAt} /> · <FormattedMessage id={`ticket.event.${event}`} defaultMessage={event} /> ·{" "}
        <FormattedMessage id={`tickets.state.${state}`} />
      </summary>
      <DecisionInFull decision={decision} />
    </Folded>
  );
}

const Steps = styled.ol`
  margin: 0;
  padding-left: 20px;
  li + li {
    margin-top: 6px;
  }
`;

const Marks = styled(Steps).attrs({ as: "ul" })``;

const Code = styled.code`
  font-family: ${({ theme }) => theme.fonts.mono};
  font-size: ${({ theme }) => theme.fontSizes.sm};
  color: ${({ theme }) => getColor({ theme, variable: "foreground.subtle" })};
  overflow-wrap: anywhere;
`;

const Folded = styled.details`
  summary {
    cursor: pointer;
    padding: ${({ theme }) => theme.space.xs} 0;
  }
`;
