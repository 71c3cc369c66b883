/** The overview's cards: both sides, the queue, the policy, and the two numbers that say whether the promise reaches tickets. */
import { Progress } from "@zendeskgarden/react-loaders";
import type { ReactNode } from "react";
import { FormattedMessage, FormattedNumber } from "react-intl";
import { Link } from "wouter";
import type { Answer } from "../client.ts";
import { BigNumber, Panel, Quiet, Row, Stack } from "../parts/look.tsx";
import { type State, StateDot } from "../parts/state-dot.tsx";
import { Ago } from "../parts/words.tsx";

type OverviewAnswer = Answer<"get /overview">;
type Side = OverviewAnswer["helpDesk"];

const SIDE_STATE: Readonly<Record<Side["state"], State>> = { ok: "ok", trouble: "fail", unknown: "unknown" };

function Card({
  title,
  state,
  children,
}: {
  readonly title: ReactNode;
  readonly state: State;
  readonly children: ReactNode;
}) {
  return (
    <Panel>
      <Stack $gap="xs">
        <Row style={{ justifyContent: "space-between" }}>
          <h2>{title}</h2>
          <StateDot state={state} />
        </Row>
        {children}
      </Stack>
    </Panel>
  );
}

/** The help desk: does it answer, and how much of its limit is left. */
export function HelpDeskCard({ side }: { readonly side: Side }) {
  return (
    <SideCard title={<FormattedMessage id="overview.helpDesk" values={{ name: side.name }} />} side={side} />
  );
}

/** The CRM, or that none is mapped. */
export function CrmCard({ side }: { readonly side: Side | null }) {
  if (side === null)
    return (
      <Card title={<FormattedMessage id="overview.crmNone" />} state="unknown">
        <FormattedMessage id="overview.crmNoneWhy" />
      </Card>
    );
  return <SideCard title={<FormattedMessage id="overview.crm" values={{ name: side.name }} />} side={side} />;
}

function SideCard({ title, side }: { readonly title: ReactNode; readonly side: Side }) {
  return (
    <Card title={title} state={SIDE_STATE[side.state]}>
      <div>{side.detail}</div>
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

function Budget({ budget }: { readonly budget: NonNullable<Side["budget"]> }) {
  const used = budget.limit === 0 ? 0 : Math.round(((budget.limit - budget.remaining) / budget.limit) * 100);
  return (
    <div>
      <Progress
        value={used}
        size="small"
        color={used > 85 ? "warningHue" : "primaryHue"}
        aria-hidden="true"
      />
      <Quiet>
        <FormattedMessage
          id="overview.budget"
          values={{ remaining: budget.remaining, limit: budget.limit }}
        />
      </Quiet>
    </div>
  );
}

/** What waits, for how long, and what needs a person. */
export function QueueCard({
  queue,
  ready,
}: {
  readonly queue: OverviewAnswer["queue"];
  readonly ready: OverviewAnswer["ready"];
}) {
  const broken = ready.filter((one) => !one.ok);
  const state: State = queue.parked > 0 || broken.length > 0 ? "warn" : "ok";
  return (
    <Card title={<FormattedMessage id="overview.queue" />} state={state}>
      <div>
        <FormattedMessage id="overview.pending" values={{ pending: queue.pending }} />
      </div>
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
  const errors = policy.findings.filter((one) => one.severity === "error").length;
  const state: State = errors > 0 ? "fail" : policy.restartNeeded.length > 0 ? "warn" : "ok";
  return (
    <Card title={<FormattedMessage id="overview.policy" />} state={state}>
      <Link href="/policy">{policy.version}</Link>
      <Quiet>
        <FormattedMessage
          id={policy.readOnly ? "overview.policyFile" : "overview.policyStore"}
          values={{ file: policy.file ?? "" }}
        />
      </Quiet>
      <Quiet>
        <FormattedMessage
          id="overview.findings"
          values={{ errors, warnings: policy.findings.length - errors }}
        />
      </Quiet>
      {policy.restartNeeded.length > 0 && (
        <FormattedMessage id="overview.restart" values={{ sections: policy.restartNeeded.join(", ") }} />
      )}
    </Card>
  );
}

/** One of the two headline numbers, with how few or many it rests on. */
export function ShareCard({
  id,
  share,
  days,
}: {
  readonly id: "tied" | "attached";
  readonly share: { readonly part: number; readonly whole: number };
  readonly days: number;
}) {
  return (
    <Panel>
      <h2>
        <FormattedMessage id={`overview.${id}`} />
      </h2>
      <BigNumber>
        {share.whole === 0 ? (
          "–"
        ) : (
          <FormattedNumber value={share.part / share.whole} style="percent" maximumFractionDigits={1} />
        )}
      </BigNumber>
      <Quiet>
        <FormattedMessage id={`overview.${id}Of`} values={{ ...share, days }} />
      </Quiet>
    </Panel>
  );
}
