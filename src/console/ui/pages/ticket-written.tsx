/** What the ticket was, and what it became. */
import { FormattedMessage, useIntl } from "react-intl";
import styled from "styled-components";
import { Step } from "../parts/decision-table.tsx";
import { Panel, Quiet, Row, Stack } from "../parts/look.tsx";
import { usePriority } from "../parts/said.ts";
import { Dash, Pill } from "../parts/words.tsx";
import type { FullDecision } from "./full-decision.ts";

/** The panel. */
export function Written({ decision }: { readonly decision: FullDecision }) {
  const { before, after, state, outcome, followersAdded } = decision;
  const named = usePriority();
  return (
    <Panel>
      <Stack $gap="sm">
        <Row>
          <h2>
            <FormattedMessage id="ticket.written" />
          </h2>
          <Pill $hue={state === "written" ? "green" : state === "left" ? "grey" : "yellow"}>
            <FormattedMessage id={`tickets.state.${state}`} />
          </Pill>
        </Row>
        {outcome !== state && <Quiet>{outcome}</Quiet>}
        <Pairs>
          <dt>
            <FormattedMessage id="ticket.priority" />
          </dt>
          <dd>
            <Step from={named(before.priority)} to={named(after.priority)} />
            {before.prioritySetBy !== null && before.prioritySetBy !== "none" && (
              <div>
                <Quiet>
                  <FormattedMessage id={`ticket.setBy.${before.prioritySetBy}`} />
                </Quiet>
              </div>
            )}
          </dd>
          <dt>
            <FormattedMessage id="ticket.group" />
          </dt>
          <dd>
            <Step from={before.group} to={after.group} />
          </dd>
          <dt>
            <FormattedMessage id="ticket.tags" />
          </dt>
          <dd>
            <Tags before={before.tags} after={after.tags} />
          </dd>
          {followersAdded.length > 0 && (
            <>
              <dt>
                <FormattedMessage id="ticket.followers" />
              </dt>
              <dd>{followersAdded.join(", ")}</dd>
            </>
          )}
        </Pairs>
      </Stack>
    </Panel>
  );
}

/** Tags that came, those that went, and those that stayed, in this order. */
function Tags({ before, after }: { readonly before: readonly string[]; readonly after: readonly string[] }) {
  const intl = useIntl();
  const came = after.filter((tag) => !before.includes(tag));
  const went = before.filter((tag) => !after.includes(tag));
  const stayed = before.filter((tag) => after.includes(tag));
  if (came.length + went.length + stayed.length === 0) return <Dash />;
  const said = (tag: string, id: string): string => intl.formatMessage({ id }, { tag });
  return (
    <Row>
      {came.map((tag) => (
        <Pill key={tag} $hue="green" title={said(tag, "ticket.tagCame")}>
          + {tag}
        </Pill>
      ))}
      {went.map((tag) => (
        <Pill key={tag} $hue="red" title={said(tag, "ticket.tagWent")}>
          − {tag}
        </Pill>
      ))}
      {stayed.map((tag) => (
        <Pill key={tag} $hue="grey">
          {tag}
        </Pill>
      ))}
    </Row>
  );
}

/** Names and what stands beside them. */
export const Pairs = styled.dl`
  display: grid;
  grid-template-columns: fit-content(40%) 1fr;
  gap: ${({ theme }) => `${theme.space.xs} ${theme.space.md}`};
  margin: 0;
  dt {
    min-width: 90px;
    color: inherit;
    opacity: 0.8;
  }
  dd {
    margin: 0;
    min-width: 0;
    overflow-wrap: anywhere;
  }
`;
