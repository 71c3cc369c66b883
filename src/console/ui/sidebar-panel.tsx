/** The panel's outermost part: what it is about, what failed and what to do, and its height in the help desk. */
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { FormattedMessage } from "react-intl";
import styled from "styled-components";
import { CallFailed } from "./client.ts";
import { FollowColours } from "./desk-look.tsx";
import { Stack } from "./parts/look.tsx";
import { Shown } from "./parts/states.tsx";
import type { About, AboutTicket } from "./sidebar-about.ts";
import { OrganizationPanel, useOrganization } from "./sidebar-organization.tsx";
import { Note } from "./sidebar-parts.tsx";
import { TicketPanel, useTicket } from "./sidebar-ticket.tsx";
import type { DeskFrame } from "./zaf.ts";

/** Something the agent did in the help desk: what the panel is about may be another now. */
const MOVED = [
  "app.activated",
  "ticket.updated",
  "ticket.requester.id.changed",
  "ticket.organization.changed",
] as const;

/** The panel for what is open, as high as its content. `again` asks the frame once more what that is. */
export function SidePanel({
  frame,
  first,
  again,
}: {
  readonly frame: DeskFrame;
  readonly first: About;
  readonly again: () => Promise<About>;
}) {
  const box = useRef<HTMLElement>(null);
  const about = useAbout(frame, first, again);
  useEffect(() => {
    const shown = box.current;
    if (shown === null) return;
    const tell = (): void => {
      const height = `${Math.ceil(shown.getBoundingClientRect().height)}px`;
      void frame.invoke("resize", { width: "100%", height }).catch(() => undefined);
    };
    const watch = new ResizeObserver(tell);
    watch.observe(shown);
    return () => watch.disconnect();
  }, [frame]);
  return (
    <Box ref={box}>
      <FollowColours frame={frame} />
      {contentOf(frame, about)}
    </Box>
  );
}

function useAbout(frame: DeskFrame, first: About, again: () => Promise<About>): About {
  const [about, setAbout] = useState(first);
  const queries = useQueryClient();
  useEffect(() => {
    let isShown = true;
    const look = (): void => {
      void queries.invalidateQueries();
      void again().then(
        (next) => {
          if (isShown) setAbout(next);
        },
        // A frame that says nothing now is asked again at the next event.
        () => undefined,
      );
    };
    const stops = MOVED.map((event) => frame.on(event, look));
    return () => {
      isShown = false;
      for (const stop of stops) stop();
    };
  }, [frame, again, queries]);
  return about;
}

function contentOf(frame: DeskFrame, about: About): ReactNode {
  // A new one for whoever is shown now: never a moment of the customer before.
  if (about.kind === "ticket")
    return <BesideTicket key={`${about.ticketId} ${about.organizationId}`} frame={frame} about={about} />;
  if (about.organizationId === null) return <Words title="sidebar.noOrganization" text="sidebar.saveFirst" />;
  return <BesideOrganization key={about.organizationId} frame={frame} id={about.organizationId} />;
}

/** The page stands where no help desk is around it. */
export function OutsidePanel() {
  return (
    <Box>
      <Words title="sidebar.outside" text="sidebar.outsideFix" />
    </Box>
  );
}

function BesideTicket({ frame, about }: { readonly frame: DeskFrame; readonly about: AboutTicket }) {
  const asked = useTicket(about.ticketId, about.organizationId);
  if (isOver(asked.error)) return <Over />;
  return (
    <Shown asked={asked}>{(ticket) => <TicketPanel frame={frame} ticket={ticket} about={about} />}</Shown>
  );
}

function BesideOrganization({ frame, id }: { readonly frame: DeskFrame; readonly id: string }) {
  const asked = useOrganization(id);
  if (isOver(asked.error)) return <Over />;
  return (
    <Shown asked={asked}>
      {(organization) => <OrganizationPanel frame={frame} organization={organization} />}
    </Shown>
  );
}

/** The service's own advice is for a console in a browser; in a frame only the help desk can sign in again. */
function isOver(error: Error | null): boolean {
  return error instanceof CallFailed && error.status === 401;
}

function Over() {
  return (
    <div role="alert">
      <Words title="sidebar.over" text="sidebar.overFix" />
    </div>
  );
}

function Words({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <Note>
      <Stack $gap="xs">
        <h1>
          <FormattedMessage id={title} />
        </h1>
        <p>
          <FormattedMessage id={text} />
        </p>
      </Stack>
    </Note>
  );
}

const Box = styled.main`
  padding: ${({ theme }) => theme.space.sm};
  overflow-wrap: anywhere;
  h1 {
    font-size: ${({ theme }) => theme.fontSizes.lg};
    line-height: ${({ theme }) => theme.lineHeights.lg};
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
  }
`;
