/** The overview's cards: both sides, the queue, the policy. Each says in one word how it is, then why. */
import { Progress } from "@zendeskgarden/react-loaders";
import type { ReactNode } from "react";
import { FormattedMessage } from "react-intl";
import styled from "styled-components";
import { Link } from "wouter";
import type { Answer } from "../client.ts";
import { Panel, Quiet, Row, Stack } from "../parts/look.tsx";
import { type State, StateDot } from "../parts/state-dot.tsx";
import { Ago, productName } from "../parts/words.tsx";

type OverviewAnswer = Answer<"get /overview">;
type Side = OverviewAnswer["helpDesk"];

const SIDE_STATE: Readonly<Record<Side["state"], State>> = { ok: "ok", trouble: "fail", unknown: "unknown" };

interface CardProps {
  readonly title: ReactNode;
  readonly state: State;
  /** What the card is about: a name, a count. */
  readonly main: ReactNode;
  readonly children: ReactNode;
}

function Card({ title, state, main, children }: CardProps) {
  return (
    <Panel>
      <Stack $gap="xs">
        <Apart>
          <h2>{title}</h2>
          <StateDot state={state} />
        </Apart>
        <Big>{main}</Big>
        {children}
      </Stack>
    </Panel>
  );
}

const Apart = styled(Row)`
  justify-content: space-between;
`;

const Big = styled.div`
  font-size: ${({ theme }) => theme.fontSizes.lg};
  line-height: ${({ theme }) => theme.lineHeights.lg};
  overflow-wrap: anywhere;
`;

/** The help desk: does it answer, and how much of its limit is left. */
export function HelpDeskCard({ side }: { readonly side: Side }) {
  return <SideCard title={<FormattedMessage id="overview.helpDesk" />} side={side} />;
}

/** The CRM, or that none is mapped. */
export function CrmCard({ side }: { readonly side: Side | null }) {
  const title = <FormattedMessage id="overview.crm" />;
  if (side !== null) return <SideCard title={title} side={side} />;
  return (
    <Card title={title} state="unknown" main={<FormattedMessage id="overview.crmNone" />}>
      <Quiet>
        <FormattedMessage id="overview.crmNoneWhy" />
      </Quiet>
    </Card>
  );
}

function SideCard({ title, side }: { readonly title: ReactNode; readonly side: Side }) {
  return (
    <Card title={title} state={SIDE_STATE[side.state]} main={productName(side.name)}>
      {side.state === "trouble" && <div>{side.detail}</div>}
      <Quiet>
        {side.lastSuccessAt === null ? (
          <FormattedMessage id="overview.neverReached" />
        ) : (
          <FormattedMessage id="overview.lastReached" values={{ ago: <Ago at={side.lastSuccessAt} /> }} />
        )}
      </Quiet>
      {side.budget !== null && <Budget budget={side.budget} />}
    </Card>
  );
}

/** From this part of the limit on it is worth a look. */
const NEARLY = 0.85;

function Budget({ budget }: { readonly budget: NonNullable<Side["budget"]> }) {
  const { limit, remaining, per } = budget;
  const used = limit === 0 ? 0 : Math.max(0, (limit - remaining) / limit);
  return (
    <Stack $gap="xs">
      <Progress
        value={Math.round(used * 100)}
        size="small"
        color={used > NEARLY ? "warningHue" : "successHue"}
        aria-hidden="true"
      />
      <Quiet>
        <FormattedMessage id="overview.budget" values={{ remaining, limit, per }} />
      </Quiet>
    </Stack>
  );
}

/** What waits, for how long, and what needs a person. */
export function QueueCard({ answer }: { readonly answer: OverviewAnswer }) {
  const { queue, ready, openReports } = answer;
  const broken = ready.filter((one) => !one.ok);
  const state: State = queue.parked > 0 || broken.length > 0 ? "warn" : "ok";
  return (
    <Card
      title={<FormattedMessage id="overview.queue" />}
      state={state}
      main={<FormattedMessage id="overview.pending" values={{ pending: queue.pending }} />}
    >
      <Quiet>
        {queue.oldestPendingSeconds === null ? (
          <FormattedMessage id="overview.nothingWaits" />
        ) : (
          <FormattedMessage
            id="overview.oldest"
            values={{ seconds: Math.round(queue.oldestPendingSeconds) }}
          />
        )}
      </Quiet>
      {queue.parked > 0 && (
        <Link href="/tickets/failed">
          <FormattedMessage id="overview.parked" values={{ parked: queue.parked }} />
        </Link>
      )}
      {openReports > 0 && (
        <Link href="/customers/review">
          <FormattedMessage id="overview.reports" values={{ reports: openReports }} />
        </Link>
      )}
      {broken.map((one) => (
        <Quiet key={one.name}>
          {one.name}: {one.detail}
        </Quiet>
      ))}
    </Card>
  );
}

/** Which policy decides, and what the linter thinks of it. */
export function PolicyCard({ policy }: { readonly policy: OverviewAnswer["policy"] }) {
  const { version, readOnly, file, findings, restartNeeded } = policy;
  const errors = findings.filter((one) => one.severity === "error").length;
  const state: State = errors > 0 ? "fail" : restartNeeded.length > 0 ? "warn" : "ok";
  return (
    <Card title={<FormattedMessage id="overview.policy" />} state={state} main={version}>
      <Quiet title={file ?? undefined}>
        <FormattedMessage
          id={readOnly ? "overview.policyFile" : "overview.policyStore"}
          values={{ file: file?.split("/").at(-1) ?? "" }}
        />
      </Quiet>
      <Link href="/policy">
        <FormattedMessage id="overview.findings" values={{ errors, warnings: findings.length - errors }} />
      </Link>
      {restartNeeded.length > 0 && (
        <FormattedMessage id="overview.restart" values={{ sections: restartNeeded.join(", ") }} />
      )}
    </Card>
  );
}
