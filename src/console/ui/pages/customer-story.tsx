/** One customer: which tier and why, what the CRM says, its family, exceptions by people, decisions and writes. */
import { Anchor } from "@zendeskgarden/react-buttons";
import { Notification } from "@zendeskgarden/react-notifications";
import { FormattedMessage, useIntl } from "react-intl";
import { Link } from "wouter";
import { useAnswer } from "../client.ts";
import { DecisionTable } from "../parts/decision-table.tsx";
import { Panels, Row, Stack } from "../parts/look.tsx";
import { useSay } from "../parts/said.ts";
import { Empty, PageHead, Shown } from "../parts/states.tsx";
import { Ago, FactsAge, productName, TierTag } from "../parts/words.tsx";
import { Documents } from "./customer-documents.tsx";
import { CrmFacts, WhyThisTier } from "./customer-facts.tsx";
import { Overrides } from "./customer-overrides.tsx";
import { Writes } from "./customer-writes.tsx";
import { Counted, CustomerTable } from "./customers-table.tsx";
import type { FullCustomer } from "./full-customer.ts";

/** The page. */
export function CustomerStory({ id }: { readonly id: string }) {
  const asked = useAnswer("get /customers/{id}", { params: { id } }, { everyMs: 60_000 });
  return (
    <Stack>
      <Head id={id} story={asked.data} />
      <Shown asked={asked} lines={10}>
        {(story) => (
          <Stack>
            <Notices story={story} />
            <Panels $min="380px">
              <WhyThisTier story={story} />
              <CrmFacts story={story} />
            </Panels>
            <Documents accountId={story.account.id} />
            <Overrides accountId={story.account.id} overrides={story.overrides} />
            <Family story={story} />
            <Decisions story={story} />
            <Writes writes={story.writes} />
          </Stack>
        )}
      </Shown>
    </Stack>
  );
}

function Head({ id, story }: { readonly id: string; readonly story: FullCustomer | undefined }) {
  const session = useAnswer("get /session", {});
  const url = story?.organization?.url ?? null;
  return (
    <>
      <div>
        <Link href="/">
          <FormattedMessage id="customer.back" />
        </Link>
      </div>
      <PageHead
        title={story?.account.name ?? id}
        about={story !== undefined && <InShort story={story} />}
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

function InShort({ story: { tier, basisSaid, account, factsAt } }: { readonly story: FullCustomer }) {
  const say = useSay();
  return (
    <Row>
      {tier !== null && <TierTag tier={tier} />}
      {basisSaid !== null && <span>{say(basisSaid)}</span>}
      <span>{account.id}</span>
      <FactsAge at={factsAt} />
    </Row>
  );
}

/** What is not settled about this customer. */
function Notices({ story }: { readonly story: FullCustomer }) {
  const { heldRunId, lowerSince, waitlisted, reviews, organization } = story;
  const say = useSay();
  return (
    <>
      {heldRunId !== null && (
        <Notification type="warning">
          <Notification.Title>
            <FormattedMessage id="customer.held" />
          </Notification.Title>
          <Link href="/held">
            <FormattedMessage id="overview.decideHeld" />
          </Link>
        </Notification>
      )}
      {lowerSince !== null && (
        <Notification type="info">
          <FormattedMessage id="customer.lowerSince" values={{ ago: <Ago at={lowerSince} /> }} />
        </Notification>
      )}
      {waitlisted.length > 0 && (
        <Notification type="info">
          <FormattedMessage
            id="customer.waits"
            values={{ tiers: waitlisted.map((one) => one.name).join(", ") }}
          />
        </Notification>
      )}
      {organization === null && (
        <Notification type="info">
          <FormattedMessage id="customer.noOrganization" />
        </Notification>
      )}
      {reviews.map((one) => (
        <Notification key={`${one.code} ${one.detail}`} type="warning">
          <Notification.Title>{say(one)}</Notification.Title>
          {one.detail}
        </Notification>
      ))}
    </>
  );
}

function Family({ story: { family } }: { readonly story: FullCustomer }) {
  const intl = useIntl();
  if (family.length === 0) return null;
  return (
    <Stack $gap="sm">
      <Counted id="customer.family" of={family} />
      <CustomerTable label={intl.formatMessage({ id: "customer.family" })} customers={family} />
    </Stack>
  );
}

function Decisions({ story: { decisions } }: { readonly story: FullCustomer }) {
  return (
    <Stack $gap="sm">
      <Counted id="customer.decisions" of={decisions} />
      {decisions.length === 0 ? (
        <Empty title={<FormattedMessage id="customer.noDecisions" />} />
      ) : (
        <DecisionTable decisions={decisions} maxHeight={400} />
      )}
    </Stack>
  );
}
