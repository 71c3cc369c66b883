/** Decisions in rows: ticket, customer, tier, before → after, SLA, why. */
import { FormattedMessage, useIntl } from "react-intl";
import { useLocation } from "wouter";
import type { Answer } from "../client.ts";
import { type Column, DataTable } from "./data-table.tsx";
import { Quiet } from "./look.tsx";
import { StateDot } from "./state-dot.tsx";
import { Ago, Dash, TierTag } from "./words.tsx";

export type Decision = Answer<"get /decisions">["decisions"][number];

const columns: readonly Column<Decision>[] = [
  {
    id: "when",
    title: <FormattedMessage id="decision.when" />,
    width: "110px",
    cell: (d) => <Ago at={d.decidedAt} />,
  },
  {
    id: "ticket",
    title: <FormattedMessage id="decision.ticket" />,
    width: "80px",
    cell: (d) => `#${d.ticketId}`,
  },
  {
    id: "customer",
    title: <FormattedMessage id="decision.customer" />,
    width: "minmax(120px, 1fr)",
    cell: (d) =>
      d.account === null ? (
        <Quiet>
          <FormattedMessage id="decision.noAccount" />
        </Quiet>
      ) : (
        (d.account.name ?? d.account.id)
      ),
  },
  {
    id: "tier",
    title: <FormattedMessage id="decision.tier" />,
    width: "170px",
    cell: (d) => (d.tier === null ? <Dash /> : <TierTag tier={d.tier} />),
  },
  {
    id: "change",
    title: <FormattedMessage id="decision.change" />,
    width: "minmax(180px, 1.4fr)",
    cell: (d) => <Change decision={d} />,
  },
  {
    id: "sla",
    title: <FormattedMessage id="decision.sla" />,
    width: "150px",
    cell: (d) => <Attached decision={d} />,
  },
  {
    id: "why",
    title: <FormattedMessage id="decision.why" />,
    width: "minmax(160px, 2fr)",
    cell: (d) => <Why decision={d} />,
  },
];

/** The table; a row opens the ticket's page. */
export function DecisionTable({
  decisions,
  maxHeight = 520,
  onEnd,
}: {
  readonly decisions: readonly Decision[];
  readonly maxHeight?: number;
  readonly onEnd?: () => void;
}) {
  const intl = useIntl();
  const [, go] = useLocation();
  return (
    <DataTable
      label={intl.formatMessage({ id: "decision.list" })}
      columns={columns}
      rows={decisions}
      idOf={(d) => d.id}
      maxHeight={maxHeight}
      onOpen={(d) => go(`~/console/tickets/${encodeURIComponent(d.ticketId)}`)}
      {...(onEnd === undefined ? {} : { onEnd })}
    />
  );
}

/** What was written: priority and group, each as before → after where it differs. */
export function Change({ decision }: { readonly decision: Pick<Decision, "before" | "after" | "state"> }) {
  const { before, after, state } = decision;
  if (state === "left")
    return (
      <Quiet>
        <FormattedMessage id="decision.leftAlone" />
      </Quiet>
    );
  return (
    <span>
      <Step from={before.priority} to={after.priority} />
      {" · "}
      <Step from={before.group} to={after.group} />
      {state !== "written" && (
        <Quiet>
          {" "}
          <FormattedMessage id={`decision.state.${state}`} />
        </Quiet>
      )}
    </span>
  );
}

function Step({ from, to }: { readonly from: string | null; readonly to: string | null }) {
  if (from === to) return to === null ? <Dash /> : <span>{to}</span>;
  return (
    <span>
      <Quiet>{from ?? "–"}</Quiet> → <strong>{to ?? "–"}</strong>
    </span>
  );
}

/** Did the promised SLA really attach? */
export function Attached({ decision }: { readonly decision: Pick<Decision, "slaPolicy" | "verification"> }) {
  if (decision.slaPolicy === null) return <Dash />;
  if (decision.verification === null)
    return (
      <Quiet>
        <FormattedMessage id="decision.slaPending" />
      </Quiet>
    );
  return (
    <span title={decision.verification.detail}>
      <StateDot state={decision.verification.ok ? "ok" : "fail"} word={false} /> {decision.slaPolicy}
    </span>
  );
}

function Why({ decision }: { readonly decision: Decision }) {
  const words = decision.reasons.map((one) => one.words).join("; ") || decision.outcome;
  return <span title={words}>{words}</span>;
}
