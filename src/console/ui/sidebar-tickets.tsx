/** Tickets of one customer: which, until when, and whether the promise stands there and was kept. */
import type { MouseEvent, ReactNode } from "react";
import { FormattedMessage } from "react-intl";
import { Quiet } from "./parts/look.tsx";
import { usePriority } from "./parts/said.ts";
import { Short } from "./parts/words.tsx";
import { Attached, Between, Mark, Part, Plain, type TicketAnswer } from "./sidebar-parts.tsx";
import type { DeskFrame } from "./zaf.ts";

type Ticket = TicketAnswer["tickets"][number];

/** The list with its heading; `none` is said where it is empty. */
export function Tickets({
  title,
  none,
  tickets,
  frame,
}: {
  readonly title: string;
  readonly none: string;
  readonly tickets: readonly Ticket[];
  readonly frame: DeskFrame;
}) {
  return (
    <Part title={title}>
      {tickets.length === 0 ? (
        <Quiet>
          <FormattedMessage id={none} />
        </Quiet>
      ) : (
        <Plain>
          {tickets.map((one) => (
            <TicketLine key={one.ticketId} ticket={one} frame={frame} />
          ))}
        </Plain>
      )}
    </Part>
  );
}

function TicketLine({ ticket, frame }: { readonly ticket: Ticket; readonly frame: DeskFrame }) {
  const { tier, priority, status } = ticket;
  const named = usePriority();
  return (
    <li>
      <Between>
        <TicketLink ticket={ticket} frame={frame} />
        <Quiet>
          <Reply ticket={ticket} />
        </Quiet>
      </Between>
      <Between>
        <Quiet>{[tier.name, named(priority), status].filter((word) => word !== null).join(" · ")}</Quiet>
        <Attached is={ticket.slaAttached} />
      </Between>
    </li>
  );
}

/** Opens the ticket as a tab of the help desk; a new browser tab where the frame refuses, or somebody asks for one. */
function TicketLink({ ticket, frame }: { readonly ticket: Ticket; readonly frame: DeskFrame }) {
  const { ticketId, url } = ticket;
  if (url === null) return <span>#{ticketId}</span>;
  const open = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void frame.invoke("routeTo", "ticket", ticketId).catch(() => window.open(url, "_blank", "noreferrer"));
  };
  return (
    <a href={url} target="_blank" rel="noreferrer" onClick={open}>
      #{ticketId}
    </a>
  );
}

function Reply({ ticket: { firstReply, firstReplyDueAt } }: { readonly ticket: Ticket }): ReactNode {
  if (firstReplyDueAt === null) return <FormattedMessage id="sidebar.noReply" />;
  if (firstReply === "kept")
    return (
      <Mark $good>
        <FormattedMessage id="sidebar.replyKept" />
      </Mark>
    );
  if (firstReply === "late")
    return (
      <Mark $good={false}>
        <FormattedMessage id="sidebar.replyLate" />
      </Mark>
    );
  return <FormattedMessage id="sidebar.replyBy" values={{ time: <Short at={firstReplyDueAt} /> }} />;
}
