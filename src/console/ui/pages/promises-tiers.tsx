/** Tier by tier: what runs, how often the promised SLA really attached, and how much room is left. */
import { FormattedMessage, FormattedNumber, useIntl } from "react-intl";
import type { Answer } from "../client.ts";
import { type Column, DataTable } from "../parts/data-table.tsx";
import { Quiet, Stack } from "../parts/look.tsx";
import { PartOf, TierTag } from "../parts/words.tsx";

type TierPromise = Answer<"get /promises">["tiers"][number];

const number = (id: "running" | "atRisk" | "late"): Column<TierPromise> => ({
  id,
  title: <FormattedMessage id={`promises.${id}`} />,
  width: "110px",
  numeric: true,
  cell: (one) => <FormattedNumber value={one[id]} />,
});

const columns: readonly Column<TierPromise>[] = [
  {
    id: "tier",
    title: <FormattedMessage id="tickets.tier" />,
    width: "minmax(160px, 1.2fr)",
    cell: (one) => <TierTag tier={one.tier} />,
  },
  number("running"),
  number("atRisk"),
  number("late"),
  {
    id: "attached",
    title: <FormattedMessage id="promises.attached" />,
    width: "minmax(150px, 1fr)",
    cell: (one) => <PartOf {...one.attached} />,
  },
  {
    id: "room",
    title: <FormattedMessage id="promises.room" />,
    width: "minmax(160px, 1fr)",
    cell: (one) => <Room tier={one} />,
  },
];

function Room({ tier: { accounts, cap, waiting } }: { readonly tier: TierPromise }) {
  return (
    <span>
      {cap === null ? (
        <FormattedNumber value={accounts} />
      ) : (
        <FormattedMessage id="promises.ofCap" values={{ accounts, cap }} />
      )}
      {waiting > 0 && (
        <Quiet>
          {" "}
          <FormattedMessage id="promises.waiting" values={{ waiting }} />
        </Quiet>
      )}
    </span>
  );
}

/** The table, the highest tier first. */
export function TierPromises({ tiers }: { readonly tiers: readonly TierPromise[] }) {
  const intl = useIntl();
  return (
    <Stack $gap="sm">
      <h2>
        <FormattedMessage id="promises.byTier" />
      </h2>
      <DataTable
        label={intl.formatMessage({ id: "promises.byTier" })}
        columns={columns}
        rows={tiers}
        idOf={(one) => one.tier.id}
      />
    </Stack>
  );
}
