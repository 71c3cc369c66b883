/** Exceptions that people made for a customer: those in force and those over, adding one, ending one. */
import { FormattedMessage, useIntl } from "react-intl";
import { call, useAnswer } from "../client.ts";
import { AskFirst } from "../parts/ask-first.tsx";
import { Clamp, type Column, DataTable, Two } from "../parts/data-table.tsx";
import { Quiet, Row, Stack } from "../parts/look.tsx";
import { Dash, Pill, Short, TierTag } from "../parts/words.tsx";
import { AddOverride } from "./customer-override-form.tsx";
import { Counted } from "./customers-table.tsx";
import type { FullCustomer } from "./full-customer.ts";

type Override = FullCustomer["overrides"][number];

const STATES = {
  "in force": { hue: "green", id: "override.inForce" },
  "not yet": { hue: "yellow", id: "override.notYet" },
  over: { hue: "grey", id: "override.over" },
} as const;

const columns: readonly Column<Override>[] = [
  {
    id: "what",
    title: <FormattedMessage id="override.what" />,
    width: "minmax(170px, 1.1fr)",
    cell: ({ kind, tier }) => (
      <Two first={<FormattedMessage id={`override.${kind}`} />} second={<TierTag tier={tier} />} />
    ),
  },
  {
    id: "state",
    title: <FormattedMessage id="override.state" />,
    width: "minmax(100px, 0.6fr)",
    cell: ({ state }) => (
      <Pill $hue={STATES[state].hue}>
        <FormattedMessage id={STATES[state].id} />
      </Pill>
    ),
  },
  {
    id: "until",
    title: <FormattedMessage id="override.until" />,
    width: "minmax(130px, 0.8fr)",
    cell: ({ startsAt, expiresAt, endedAt }) => (
      <Two
        first={<End at={endedAt ?? expiresAt} />}
        second={
          startsAt !== null && (
            <FormattedMessage id="override.from" values={{ at: <Short at={startsAt} /> }} />
          )
        }
      />
    ),
  },
  {
    id: "reason",
    title: <FormattedMessage id="override.reason" />,
    width: "minmax(180px, 2fr)",
    cell: ({ reason }) => <Clamp title={reason}>{reason}</Clamp>,
  },
  {
    id: "by",
    title: <FormattedMessage id="override.by" />,
    width: "minmax(150px, 1fr)",
    cell: ({ approvedBy, endedBy }) => (
      <Two
        first={approvedBy}
        second={endedBy !== null && <FormattedMessage id="override.endedBy" values={{ by: endedBy }} />}
      />
    ),
  },
  { id: "end", title: null, width: "120px", cell: (one) => <EndOverride override={one} /> },
];

function End({ at }: { readonly at: string | null }) {
  return at === null ? <Dash /> : <Short at={at} />;
}

/** The list with what can be done; only administrators change it. */
export function Overrides({
  accountId,
  overrides,
}: {
  readonly accountId: string;
  readonly overrides: readonly Override[];
}) {
  const intl = useIntl();
  return (
    <Stack $gap="sm">
      <Row>
        <Counted id="override.title" of={overrides} />
        <AddOverride accountId={accountId} />
      </Row>
      {overrides.length === 0 ? (
        <Quiet>
          <FormattedMessage id="override.none" />
        </Quiet>
      ) : (
        <DataTable
          label={intl.formatMessage({ id: "override.title" })}
          columns={columns}
          rows={overrides}
          idOf={(one) => one.id}
          rowHeight={64}
          maxHeight={400}
        />
      )}
    </Stack>
  );
}

function EndOverride({ override: { id, from, state, reason } }: { readonly override: Override }) {
  const session = useAnswer("get /session", {});
  if (state === "over") return null;
  if (from === "policy file")
    return (
      <Quiet>
        <FormattedMessage id="override.inPolicy" />
      </Quiet>
    );
  if (session.data?.role !== "admin") return null;
  return (
    <AskFirst
      label={<FormattedMessage id="override.end" />}
      title={<FormattedMessage id="override.end.ask" />}
      isDanger
      run={() => call("post /overrides/{id}/end", { params: { id } })}
    >
      <FormattedMessage id="override.end.means" values={{ reason }} />
    </AskFirst>
  );
}
