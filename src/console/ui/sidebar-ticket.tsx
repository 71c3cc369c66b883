/** Beside a ticket: who this is and until when we promised to answer, in one line; then why, people, other tickets. */
import { getColor } from "@zendeskgarden/react-theming";
import { FormattedMessage } from "react-intl";
import styled from "styled-components";
import { useAnswer } from "./client.ts";
import { Quiet, Stack } from "./parts/look.tsx";
import { Duration, Short, useNow } from "./parts/words.tsx";
import type { AboutTicket } from "./sidebar-about.ts";
import { TicketActions } from "./sidebar-actions.tsx";
import { HealthPart } from "./sidebar-health.tsx";
import {
  Attached,
  Between,
  Pairs,
  Part,
  peopleLines,
  type TicketAnswer,
  Warnings,
  Why,
} from "./sidebar-parts.tsx";
import { Tickets } from "./sidebar-tickets.tsx";
import type { DeskFrame } from "./zaf.ts";

/** Asked again this often: a decision that comes while the ticket is open is seen. */
const AGAIN_MS = 30_000;
const SOON_MINUTES = 30;
/** No ticket has this number; what is answered then is what its organization has. */
const NOT_SAVED = "0";

/** What stands beside a ticket; a ticket that is not saved yet has its organization's tier. */
export function useTicket(ticketId: string | null, organizationId: string | null) {
  const query = organizationId === null ? {} : { organization: organizationId };
  const input = { params: { id: ticketId ?? NOT_SAVED }, query };
  return useAnswer("get /tickets/{id}/sidebar", input, { everyMs: AGAIN_MS });
}

/** The panel. A ticket that is not saved can be neither escalated nor reported. */
export function TicketPanel({
  frame,
  ticket,
  about,
}: {
  readonly frame: DeskFrame;
  readonly ticket: TicketAnswer;
  readonly about: AboutTicket;
}) {
  const { account, due, health, people } = ticket;
  return (
    <Stack $gap="sm">
      <Stack $gap="xs">
        <Between>
          <Quiet>{account?.name ?? account?.id ?? <FormattedMessage id="sidebar.nobody" />}</Quiet>
          {due !== null && <Attached is={ticket.slaAttached} />}
        </Between>
        <Line ticket={ticket} />
        {!ticket.known && (
          <Quiet>
            <FormattedMessage id="sidebar.undecided" />
          </Quiet>
        )}
      </Stack>
      <Warnings warnings={ticket.warnings} unlisted={unlistedIn(people.contacts, about.requester)} />
      {about.ticketId !== null && <TicketActions frame={frame} ticketId={ticket.ticketId} />}
      <Why reasons={ticket.reasons} factsAt={ticket.factsAt} />
      <Part title="sidebar.people">
        <Pairs of={peopleLines(people)} />
      </Part>
      <HealthPart health={health} />
      <Tickets title="sidebar.others" none="sidebar.noOthers" tickets={ticket.tickets} frame={frame} />
    </Stack>
  );
}

/** The requester's address where the CRM lists contacts and not this one; null = nothing to say. Compared here alone. */
function unlistedIn(contacts: readonly string[], requester: string | null): string | null {
  return contacts.length === 0 || requester === null || contacts.includes(requester) ? null : requester;
}

/** "Enterprise Support — first reply due 15:30 (28 min left)", counting by the service's clock until it is given. */
function Line({ ticket: { tier, due } }: { readonly ticket: TicketAnswer }) {
  const now = useNow(1_000);
  if (due === null)
    return (
      <h1>
        <FormattedMessage id="sidebar.noPromise" values={{ tier: tier.name }} />
      </h1>
    );
  if (due.repliedAt !== null)
    return (
      <h1>
        <FormattedMessage
          id="sidebar.replied"
          values={{
            tier: tier.name,
            time: <Short at={due.repliedAt} />,
            late: due.inTime === false ? "yes" : "no",
            hot: (words) => <Left $how={due.inTime === false ? "danger" : "success"}>{words}</Left>,
          }}
        />
      </h1>
    );
  const minutes = Math.floor((Date.parse(due.dueAt) - now) / 60_000);
  const isOver = minutes < 0;
  const left = <Duration minutes={isOver ? -minutes - 1 : minutes} />;
  return (
    <h1>
      <FormattedMessage
        id={isOver ? "sidebar.wasDue" : "sidebar.due"}
        values={{
          tier: tier.name,
          time: <Short at={due.dueAt} />,
          left,
          hot: (words) => (
            <Left $how={isOver ? "danger" : minutes < SOON_MINUTES ? "warning" : "subtle"}>{words}</Left>
          ),
        }}
      />
    </h1>
  );
}

const Left = styled.span<{ readonly $how: "danger" | "warning" | "subtle" | "success" }>`
  white-space: nowrap;
  font-variant-numeric: tabular-nums;
  color: ${({ theme, $how }) => getColor({ theme, variable: `foreground.${$how}` })};
`;
