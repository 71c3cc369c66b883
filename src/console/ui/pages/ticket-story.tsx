/** One ticket: why it is as it is. The newest decision in full, those before it below, and what still waits. */
import { Anchor } from "@zendeskgarden/react-buttons";
import { Notification } from "@zendeskgarden/react-notifications";
import { FormattedMessage } from "react-intl";
import { Link } from "wouter";
import { type Answer, useAnswer } from "../client.ts";
import { Quiet, Row, Stack } from "../parts/look.tsx";
import { Replay } from "../parts/replay.tsx";
import { PageHead, Shown } from "../parts/states.tsx";
import { Ago, productName, TierTag } from "../parts/words.tsx";
import { DecisionInFull, EarlierDecision } from "./ticket-decision.tsx";

type Story = Answer<"get /tickets/{id}">;

/** The page. */
export function TicketStory({ id }: { readonly id: string }) {
  const story = useAnswer("get /tickets/{id}", { params: { id } });
  return (
    <Stack>
      <Head id={id} story={story.data} />
      <StillWaits ticketId={id} />
      <Shown asked={story} lines={10}>
        {({ decisions: [newest, ...earlier] }) => (
          <Stack>
            {newest !== undefined && <DecisionInFull decision={newest} />}
            {earlier.length > 0 && (
              <h2>
                <FormattedMessage id="ticket.earlier" values={{ decisions: earlier.length }} />
              </h2>
            )}
            {earlier.map((one) => (
              <EarlierDecision key={one.id} decision={one} />
            ))}
          </Stack>
        )}
      </Shown>
    </Stack>
  );
}

function Head({ id, story }: { readonly id: string; readonly story: Story | undefined }) {
  const session = useAnswer("get /session", {});
  const newest = story?.decisions[0];
  const url = story?.url ?? null;
  return (
    <>
      <div>
        <Link href="/">
          <FormattedMessage id="ticket.back" />
        </Link>
      </div>
      <PageHead
        title={<FormattedMessage id="ticket.title" values={{ id }} />}
        about={newest !== undefined && <Whose newest={newest} />}
        actions={
          url !== null && (
            <Anchor href={url} isExternal target="_blank" rel="noreferrer">
              <FormattedMessage
                id="ticket.open"
                values={{ name: productName(session.data?.helpDesk?.name ?? "") }}
              />
            </Anchor>
          )
        }
      />
    </>
  );
}

function Whose({ newest: { account, tier, decidedAt } }: { readonly newest: Story["decisions"][number] }) {
  return (
    <Row>
      {account === null ? (
        <FormattedMessage id="decision.noAccount" />
      ) : (
        <Link href={`~/console/customers/${encodeURIComponent(account.id)}`}>
          {account.name ?? account.id}
        </Link>
      )}
      {tier !== null && <TierTag tier={tier} />}
      <span>
        <FormattedMessage id="ticket.decided" values={{ ago: <Ago at={decidedAt} /> }} />
      </span>
    </Row>
  );
}

/** A delivery about this ticket that nobody could settle. */
function StillWaits({ ticketId }: { readonly ticketId: string }) {
  const parked = useAnswer("get /deliveries/parked", {});
  const mine = parked.data?.parked.filter((one) => one.ticketId === ticketId) ?? [];
  return mine.map((one) => (
    <Notification key={one.id} type="warning">
      <Notification.Title>
        <FormattedMessage id="ticket.waits" />
      </Notification.Title>
      <div>
        {one.reason} <FormattedMessage id="fix" values={{ fix: one.fix }} />
      </div>
      <Row>
        <Replay id={one.id} />
        <Quiet>
          <Ago at={one.receivedAt} />
        </Quiet>
      </Row>
    </Notification>
  ));
}
