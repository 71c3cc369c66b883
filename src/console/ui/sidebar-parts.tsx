/** What both panels show alike: headed parts, warnings, reasons with the facts' age, people, tickets. */
import { Well } from "@zendeskgarden/react-notifications";
import { getColor } from "@zendeskgarden/react-theming";
import type { ReactNode } from "react";
import { FormattedMessage } from "react-intl";
import styled from "styled-components";
import type { Answer } from "./client.ts";
import { Quiet, Stack } from "./parts/look.tsx";
import { useSay } from "./parts/said.ts";
import { Dash, FactsAge } from "./parts/words.tsx";

export type TicketAnswer = Answer<"get /tickets/{id}/sidebar">;
type Reasons = TicketAnswer["reasons"];

/** A part with its heading. */
export function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Divided>
      <h2>
        <FormattedMessage id={title} />
      </h2>
      {children}
    </Divided>
  );
}

/** What to be careful about, before anything else. `unlisted`: who asks without being a listed contact; null = fine. */
export function Warnings({
  warnings,
  unlisted = null,
}: {
  readonly warnings: Reasons;
  readonly unlisted?: string | null;
}) {
  const say = useSay();
  if (warnings.length === 0 && unlisted === null) return null;
  return (
    <Plain>
      {warnings.map((one) => (
        <Care key={one.code}>{say(one)}</Care>
      ))}
      {unlisted !== null && (
        <Care>
          <FormattedMessage id="sidebar.unlisted" values={{ who: unlisted }} />
        </Care>
      )}
    </Plain>
  );
}

/** Why it is this tier, and how old that knowledge is. */
export function Why({ reasons, factsAt }: { readonly reasons: Reasons; readonly factsAt: string | null }) {
  const say = useSay();
  return (
    <Part title="sidebar.why">
      <Plain>
        {[...new Set(reasons.map(say))].map((words) => (
          <li key={words}>{words}</li>
        ))}
      </Plain>
      <Quiet>
        <FormattedMessage id="sidebar.facts" /> <FactsAge at={factsAt} />
      </Quiet>
    </Part>
  );
}

/** Names on the left, values on the right. */
export function Pairs({ of }: { readonly of: readonly (readonly [string, ReactNode])[] }) {
  return (
    <Grid>
      {of.map(([name, value]) => (
        <div key={name}>
          <dt>
            <FormattedMessage id={name} />
          </dt>
          <dd>{value}</dd>
        </div>
      ))}
    </Grid>
  );
}

/** Who looks after the customer, as lines for `Pairs`. */
export function peopleLines(people: TicketAnswer["people"]): readonly (readonly [string, ReactNode])[] {
  const slack = people.slackChannel ? "sidebar.slackYes" : "sidebar.slackNo";
  return [
    ["sidebar.tam", people.tam === null ? <Dash key="tam" /> : <Address key="tam" of={people.tam} />],
    [
      "sidebar.slack",
      people.slackUrl === null ? (
        <FormattedMessage key="slack" id={slack} />
      ) : (
        <a key="slack" href={people.slackUrl} target="_blank" rel="noreferrer">
          <FormattedMessage id="sidebar.slackOpen" />
        </a>
      ),
    ],
  ];
}

/** A mail address that breaks before its host, where it must. */
function Address({ of }: { readonly of: string }) {
  const at = of.lastIndexOf("@") + 1;
  return (
    <>
      {of.slice(0, at)}
      <wbr />
      {of.slice(at)}
    </>
  );
}

/** Does the promised SLA really stand at the ticket? */
export function Attached({ is }: { readonly is: boolean | null }) {
  if (is === null)
    return (
      <Quiet>
        <FormattedMessage id="sidebar.slaUnread" />
      </Quiet>
    );
  return (
    <Mark $good={is}>
      <FormattedMessage id={is ? "sidebar.slaYes" : "sidebar.slaNo"} />
    </Mark>
  );
}

/** A list without bullets. */
export const Plain = styled.ul`
  display: flex;
  flex-direction: column;
  gap: ${({ theme }) => theme.space.xs};
  margin: 0;
  padding: 0;
  list-style: none;
`;

/** Two things at both ends of a line. */
export const Between = styled.div`
  display: flex;
  flex-wrap: wrap;
  justify-content: space-between;
  column-gap: ${({ theme }) => theme.space.sm};
`;

const Divided = styled(Stack).attrs({ as: "section", $gap: "xs" })`
  padding-top: ${({ theme }) => theme.space.sm};
  border-top: 1px solid ${({ theme }) => getColor({ theme, variable: "border.subtle" })};
`;

const Care = styled.li`
  padding: ${({ theme }) => `${theme.space.xxs} ${theme.space.xs}`};
  border-left: 3px solid ${({ theme }) => getColor({ theme, variable: "border.warningEmphasis" })};
  border-radius: ${({ theme }) => theme.borderRadii.sm};
  background: ${({ theme }) => getColor({ theme, variable: "background.warning" })};
  color: ${({ theme }) => getColor({ theme, variable: "foreground.warning" })};
`;

/** A word that is good or bad news. */
export const Mark = styled.span<{ readonly $good: boolean }>`
  font-size: ${({ theme }) => theme.fontSizes.sm};
  color: ${({ theme, $good }) => getColor({ theme, variable: $good ? "foreground.success" : "foreground.danger" })};
`;

const Grid = styled.dl`
  margin: 0;
  display: flex;
  flex-direction: column;
  gap: ${({ theme }) => theme.space.xxs};
  > div { display: grid; grid-template-columns: 96px minmax(0, 1fr); gap: ${({ theme }) => theme.space.xs}; }
  dt { color: ${({ theme }) => getColor({ theme, variable: "foreground.subtle" })}; }
  dd { margin: 0; }
`;

/** What came of something, in a box of its own. */
export const Note = styled(Well).attrs({ isRecessed: true })`
  padding: ${({ theme }) => `${theme.space.xs} ${theme.space.sm}`};
`;
