/** What was written about a customer to the help desk and the CRM, with what was there before. */
import { FormattedMessage, useIntl } from "react-intl";
import { type Column, DataTable, Two } from "../parts/data-table.tsx";
import { Step } from "../parts/decision-table.tsx";
import { Stack } from "../parts/look.tsx";
import { Empty } from "../parts/states.tsx";
import { Ago, Pill } from "../parts/words.tsx";
import { Counted } from "./customers-table.tsx";
import type { FullCustomer } from "./full-customer.ts";

type Write = FullCustomer["writes"][number];
interface Line extends Omit<Write, "fields"> {
  readonly field: Write["fields"][number];
}

const HUES = { written: "green", failed: "red", intended: "yellow", simulated: "yellow" } as const;

const columns: readonly Column<Line>[] = [
  {
    id: "where",
    title: <FormattedMessage id="writes.where" />,
    width: "minmax(150px, 1.1fr)",
    cell: (one) => (
      <Two
        first={<FormattedMessage id={`writes.${one.target}`} values={{ id: one.targetId }} />}
        second={<Ago at={one.at} />}
      />
    ),
  },
  {
    id: "field",
    title: <FormattedMessage id="writes.field" />,
    width: "minmax(150px, 1fr)",
    cell: (one) => one.field.name,
  },
  {
    id: "change",
    title: <FormattedMessage id="writes.change" />,
    width: "minmax(220px, 2fr)",
    cell: ({ field: { before, after } }) => (
      <span title={`${before ?? "–"} → ${after ?? "–"}`}>
        <Step from={before} to={after} />
      </span>
    ),
  },
  {
    id: "state",
    title: <FormattedMessage id="tickets.state" />,
    width: "minmax(110px, 0.8fr)",
    cell: ({ state }) => (
      <Pill $hue={HUES[state]}>
        <FormattedMessage id={`writes.state.${state}`} />
      </Pill>
    ),
  },
  {
    id: "policy",
    title: <FormattedMessage id="writes.policy" />,
    width: "minmax(90px, 0.5fr)",
    cell: (one) => <span title={one.reason}>{one.policyVersion}</span>,
  },
];

/** The table, one line per field, newest first. */
export function Writes({ writes }: { readonly writes: readonly Write[] }) {
  const intl = useIntl();
  const lines = writes.flatMap(({ fields, ...write }): Line[] =>
    fields.filter((one) => one.before !== one.after).map((field) => ({ ...write, field })),
  );
  return (
    <Stack $gap="sm">
      <Counted id="writes.title" of={lines} />
      {lines.length === 0 ? (
        <Empty title={<FormattedMessage id="writes.none" />} />
      ) : (
        <DataTable
          label={intl.formatMessage({ id: "writes.title" })}
          columns={columns}
          rows={lines}
          idOf={(one) => `${one.at} ${one.target} ${one.targetId} ${one.state} ${one.field.name}`}
          rowHeight={56}
          maxHeight={400}
        />
      )}
    </Stack>
  );
}
