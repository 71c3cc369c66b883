/** The panel's outermost part: what it is about, what failed and what to do, and its height in the help desk. */
import { Well } from "@zendeskgarden/react-notifications";
import { type ReactNode, useEffect, useRef } from "react";
import { FormattedMessage } from "react-intl";
import styled from "styled-components";
import { CallFailed } from "./client.ts";
import { Stack } from "./parts/look.tsx";
import { Shown } from "./parts/states.tsx";
import { OrganizationPanel, useOrganization } from "./sidebar-organization.tsx";
import { TicketPanel, useTicket } from "./sidebar-ticket.tsx";
import type { DeskFrame } from "./zaf.ts";

/** What the help desk shows beside the panel. Null ids: nothing saved yet, or no organization. */
export type About =
  | { readonly kind: "ticket"; readonly ticketId: string | null; readonly organizationId: string | null }
  | { readonly kind: "organization"; readonly organizationId: string | null };

/** The panel for what is open, as high as its content. */
export function SidePanel({ frame, about }: { readonly frame: DeskFrame; readonly about: About }) {
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    const shown = box.current;
    if (shown === null) return;
    const tell = (): void =>
      frame.invoke("resize", {
        width: "100%",
        height: `${Math.ceil(shown.getBoundingClientRect().height)}px`,
      });
    const watch = new ResizeObserver(tell);
    watch.observe(shown);
    return () => watch.disconnect();
  }, [frame]);
  return <Box ref={box}>{contentOf(about)}</Box>;
}

function contentOf(about: About): ReactNode {
  if (about.kind === "ticket")
    return <BesideTicket ticketId={about.ticketId} organizationId={about.organizationId} />;
  if (about.organizationId === null) return <Words title="sidebar.noOrganization" text="sidebar.saveFirst" />;
  return <BesideOrganization id={about.organizationId} />;
}

/** The page stands where no help desk is around it. */
export function OutsidePanel() {
  return (
    <Box>
      <Words title="sidebar.outside" text="sidebar.outsideFix" />
    </Box>
  );
}

function BesideTicket(props: { readonly ticketId: string | null; readonly organizationId: string | null }) {
  const asked = useTicket(props.ticketId, props.organizationId);
  if (isOver(asked.error)) return <Over />;
  return (
    <Shown asked={asked}>{(ticket) => <TicketPanel ticket={ticket} saved={props.ticketId !== null} />}</Shown>
  );
}

function BesideOrganization({ id }: { readonly id: string }) {
  const asked = useOrganization(id);
  if (isOver(asked.error)) return <Over />;
  return <Shown asked={asked}>{(organization) => <OrganizationPanel organization={organization} />}</Shown>;
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
    <Well isRecessed>
      <Stack $gap="xs">
        <h1>
          <FormattedMessage id={title} />
        </h1>
        <p>
          <FormattedMessage id={text} />
        </p>
      </Stack>
    </Well>
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
