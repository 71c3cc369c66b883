/** Tiers that change within 30 days by time alone. */
import { FormattedMessage, useIntl } from "react-intl";
import { type Answer, useAnswer } from "../client.ts";
import { useColumns } from "../parts/columns-seen.ts";
import { Clamp, type Column, DataTable, Two } from "../parts/data-table.tsx";
import { Quiet, Stack } from "../parts/look.tsx";
import { useSay } from "../parts/said.ts";
import { Empty, Shown } from "../parts/states.tsx";
import { Amount, Day, Pill } from "../parts/words.tsx";
import { CustomersHead } from "./customers-head.tsx";
import { useOpenCustomer } from "./customers-table.tsx";
import { TierStep } from "./tier-step.tsx";

type Movement = Answer<"get /movements">["movements"][number];

const columns: readonly Column<Movement>[] = [
  {
    id: "on",
    title: <FormattedMessage id="movements.on" />,
    width: "minmax(150px, 0.7fr)",
    cell: ({ on, direction }) => (
      <Two
        first={<Day on={on} />}
        second={
          <Pill $hue={direction === "up" ? "green" : "yellow"}>
            <FormattedMessage id={`movements.${direction}`} />
          </Pill>
        }
      />
    ),
  },
  {
    id: "customer",
    title: <FormattedMessage id="decision.customer" />,
    width: "minmax(160px, 1.3fr)",
    cell: ({ account }) => <Two first={account.name ?? account.id} second={account.id} />,
  },
  {
    id: "change",
    title: <FormattedMessage id="held.change" />,
    width: "minmax(220px, 1.3fr)",
    cell: (one) => <TierStep from={one.from} to={one.to} />,
  },
  {
    id: "why",
    title: <FormattedMessage id="decision.why" />,
    width: "minmax(180px, 1.8fr)",
    cell: ({ reasons }) => <Why reasons={reasons} />,
  },
  {
    id: "arr",
    title: <FormattedMessage id="customers.arr" />,
    width: "minmax(110px, 0.6fr)",
    numeric: true,
    cell: ({ arr }) => <Amount money={arr} />,
  },
];

function Why({ reasons }: Pick<Movement, "reasons">) {
  const words = reasons.map(useSay()).join(" ");
  return <Clamp title={words}>{words}</Clamp>;
}

/** The page. */
export function MovementList() {
  const intl = useIntl();
  const open = useOpenCustomer();
  const seen = useColumns(columns);
  const asked = useAnswer("get /movements", {});
  return (
    <Stack>
      <CustomersHead />
      <Shown asked={asked} lines={8}>
        {({ movements, from, to, looked, complete }) => (
          <Stack $gap="sm">
            <Quiet>
              <FormattedMessage
                id={complete ? "movements.about" : "movements.aboutSome"}
                values={{ from: <Day on={from} />, to: <Day on={to} />, looked }}
              />
            </Quiet>
            {movements.length === 0 ? (
              <Empty title={<FormattedMessage id="movements.none" />}>
                <FormattedMessage id="movements.noneWhy" />
              </Empty>
            ) : (
              <DataTable
                label={intl.formatMessage({ id: "movements.list" })}
                columns={seen}
                rows={movements}
                idOf={(one) => `${one.account.id} ${one.on}`}
                rowHeight={64}
                maxHeight={640}
                onOpen={({ account }) => open(account.id)}
              />
            )}
          </Stack>
        )}
      </Shown>
    </Stack>
  );
}
