/** Every customer, found by name or tier, below how full each tier is. */
import { Field, Input, Select } from "@zendeskgarden/react-forms";
import { useEffect, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import styled from "styled-components";
import { useSearchParams } from "wouter";
import { useAnswer } from "../client.ts";
import { Stack } from "../parts/look.tsx";
import { Empty, Shown } from "../parts/states.tsx";
import { CustomersHead } from "./customers-head.tsx";
import { type CustomerFilters, useCustomers } from "./customers-rows.ts";
import { CustomerTable } from "./customers-table.tsx";
import { TierLoads } from "./customers-tiers.tsx";

/** A pause in typing that is taken for the end of it. */
const TYPED_MS = 250;

/** The page. What it is narrowed to stands in the address, so that a list can be passed on. */
export function CustomerList() {
  const [search, setSearch] = useSearchParams();
  const filters = filtersOf(search.get("text") ?? "", search.get("tier") ?? "");
  const change = (next: CustomerFilters): void => setSearch({ ...next }, { replace: true });
  return (
    <Stack>
      <CustomersHead />
      <TierLoads />
      <Narrow filters={filters} onChange={change} />
      <Found filters={filters} />
    </Stack>
  );
}

function filtersOf(text: string, tier: string): CustomerFilters {
  return {
    ...(text.trim() === "" ? {} : { text: text.trim().slice(0, 200) }),
    ...(tier === "" ? {} : { tier: tier.slice(0, 100) }),
  };
}

function Found({ filters }: { readonly filters: CustomerFilters }) {
  const intl = useIntl();
  const { asked, more } = useCustomers(filters);
  const id = Object.keys(filters).length > 0 ? "customers.noneFits" : "customers.none";
  return (
    <Shown asked={asked} lines={10}>
      {(customers) =>
        customers.length === 0 ? (
          <Empty title={<FormattedMessage id={id} />}>
            <FormattedMessage id={`${id}Why`} />
          </Empty>
        ) : (
          <CustomerTable
            key={JSON.stringify(filters)}
            label={intl.formatMessage({ id: "customers.list" })}
            customers={customers}
            maxHeight={640}
            onEnd={more}
          />
        )
      }
    </Shown>
  );
}

function Narrow({
  filters,
  onChange,
}: {
  readonly filters: CustomerFilters;
  readonly onChange: (filters: CustomerFilters) => void;
}) {
  const intl = useIntl();
  const tiers = useAnswer("get /tiers", {});
  return (
    <Bar role="search" aria-label={intl.formatMessage({ id: "tickets.filter" })}>
      <NameField
        value={filters.text ?? ""}
        onChange={(text) => onChange(filtersOf(text, filters.tier ?? ""))}
      />
      <Field>
        <Field.Label>
          <FormattedMessage id="tickets.tier" />
        </Field.Label>
        <Select
          isCompact
          value={filters.tier ?? ""}
          onChange={(event) => onChange(filtersOf(filters.text ?? "", event.target.value))}
        >
          <option value="">{intl.formatMessage({ id: "tickets.all" })}</option>
          {tiers.data?.tiers.map(({ tier }) => (
            <option key={tier.id} value={tier.id}>
              {tier.name}
            </option>
          ))}
        </Select>
      </Field>
    </Bar>
  );
}

function NameField({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (text: string) => void;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  useEffect(() => {
    if (typed === null) return;
    const timer = setTimeout(() => {
      onChange(typed);
      setTyped(null);
    }, TYPED_MS);
    return () => clearTimeout(timer);
  }, [typed, onChange]);
  return (
    <Field>
      <Field.Label>
        <FormattedMessage id="customers.search" />
      </Field.Label>
      <Input
        isCompact
        type="search"
        value={typed ?? value}
        onChange={(event) => setTyped(event.target.value)}
      />
    </Field>
  );
}

const Bar = styled.div`
  display: grid;
  grid-template-columns: minmax(200px, 360px) minmax(150px, 220px);
  align-items: end;
  gap: ${({ theme }) => theme.space.md};
  @media (max-width: 600px) {
    grid-template-columns: 1fr;
  }
`;
