/** Beside a ticket: who this is and until when we promised to answer, in one line; then why, people, other tickets. */
import { getColor } from "@zendeskgarden/react-theming";
import { FormattedMessage } from "react-intl";
import styled from "styled-components";
import { useAnswer } from "./client.ts";
import { Quiet, Stack } from "./parts/look.tsx";
import { Duration, Short, useNow } from "./parts/words.tsx";
import { TicketActions } from "./sidebar-actions.tsx";
import {
  Attached,
  Between,
  Pairs,
  Part,
  peopleLines,
  type TicketAnswer,
  Tickets,
  Warnings,
  Why,
} from "./sidebar-parts.tsx";

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

/** The panel. `saved` false = there is no ticket yet that could be escalated or reported. */
export function TicketPanel({ ticket, saved }: { readonly ticket: TicketAnswer; readonly saved: boolean }) {
  return (
    <Stack $gap="sm">
      <Stack $gap="xs">
        <Between>
          <Quiet>
            {ticket.account?.name ?? ticket.account?.id ?? <FormattedMessage id="sidebar.nobody" />}
          </Quiet>
          {ticket.due !== null && <Attached is={ticket.slaAttached} />}
        </Between>
        <Line ticket={ticket} />
        {!ticket.known && (
          <Quiet>
            <FormattedMessage id="sidebar.undecided" />
          </Quiet>
        )}
      </Stack>
      <Warnings warnings={ticket.warnings} />
      {saved && <TicketActions ticketId={ticket.ticketId} />}
      <Why reasons={ticket.reasons} factsAt={ticket.factsAt} />
      <Part title="sidebar.people">
        <Pairs of={peopleLines(ticket.people)} />
      </Part>
      <Tickets title="sidebar.others" tickets={ticket.tickets} />
    </Stack>
  );
}

/** "Enterprise Support — first reply due 15:30 (28 min left)", counting by the service's clock. */
function Line({ ticket: { tier, due } }: { readonly ticket: TicketAnswer }) {
  const now = useNow(1_000);
  if (due === null)
    return (
      <h1>
        <FormattedMessage id="sidebar.noPromise" values={{ tier: tier.name }} />
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

const Left = styled.span<{ readonly $how: "danger" | "warning" | "subtle" }>`
  white-space: nowrap;
  font-variant-numeric: tabular-nums;
  color: ${({ theme, $how }) => getColor({ theme, variable: `foreground.${$how}` })};
`;
