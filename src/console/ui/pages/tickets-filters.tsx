/** What the list of decisions is narrowed to. */
import { Checkbox, Field, Input, Select } from "@zendeskgarden/react-forms";
import { type FormEvent, useEffect, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import styled from "styled-components";
import { useAnswer } from "../client.ts";

const STATES = ["written", "left", "simulated", "intended"] as const;

/** Left out = not narrowed. */
export interface Filters {
  readonly ticket?: string;
  readonly tier?: string;
  readonly state?: (typeof STATES)[number];
  readonly unverified?: "true";
}

/** What an address asks for; what it cannot ask for is left out. */
export function filtersOf(search: URLSearchParams): Filters {
  const ticket = search.get("ticket") ?? "";
  const tier = search.get("tier") ?? "";
  const state = STATES.find((one) => one === search.get("state"));
  return {
    ...(ticket === "" ? {} : { ticket: ticket.slice(0, 40) }),
    ...(tier === "" ? {} : { tier: tier.slice(0, 100) }),
    ...(state === undefined ? {} : { state }),
    ...(search.get("unverified") === "true" ? { unverified: "true" } : {}),
  };
}

/** Is anything left out? */
export function isFiltered(filters: Filters): boolean {
  return Object.keys(filters).length > 0;
}

interface FiltersProps {
  readonly filters: Filters;
  readonly onChange: (filters: Filters) => void;
}

/** The fields; a ticket's number is looked for on Enter or when the field is left, the rest at once. */
export function TicketFilters({ filters, onChange }: FiltersProps) {
  const intl = useIntl();
  const tiers = useAnswer("get /tiers", {});
  const change = (name: keyof Filters, value: string | undefined): void =>
    onChange(filtersOf(new URLSearchParams(present({ ...filters, [name]: value }))));
  return (
    <Bar role="search" aria-label={intl.formatMessage({ id: "tickets.filter" })}>
      <TicketNumber value={filters.ticket ?? ""} onChange={(ticket) => change("ticket", ticket)} />
      <Field>
        <Field.Label>
          <FormattedMessage id="tickets.tier" />
        </Field.Label>
        <Select isCompact value={filters.tier ?? ""} onChange={(event) => change("tier", event.target.value)}>
          <option value="">{intl.formatMessage({ id: "tickets.all" })}</option>
          {tiers.data?.tiers.map(({ tier }) => (
            <option key={tier.id} value={tier.id}>
              {tier.name}
            </option>
          ))}
        </Select>
      </Field>
      <Field>
        <Field.Label>
          <FormattedMessage id="tickets.state" />
        </Field.Label>
        <Select
          isCompact
          value={filters.state ?? ""}
          onChange={(event) => change("state", event.target.value)}
        >
          <option value="">{intl.formatMessage({ id: "tickets.all" })}</option>
          {STATES.map((state) => (
            <option key={state} value={state}>
              {intl.formatMessage({ id: `tickets.state.${state}` })}
            </option>
          ))}
        </Select>
      </Field>
      <Field>
        <Checkbox
          checked={filters.unverified === "true"}
          onChange={(event) => change("unverified", event.target.checked ? "true" : undefined)}
        >
          <Field.Label isRegular>
            <FormattedMessage id="tickets.unverified" />
          </Field.Label>
        </Checkbox>
      </Field>
    </Bar>
  );
}

function present(filters: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(filters).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function TicketNumber({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  const done = (event?: FormEvent): void => {
    event?.preventDefault();
    const wanted = typed.trim().replace(/^#/, "");
    if (wanted !== value) onChange(wanted);
  };
  return (
    <form onSubmit={done}>
      <Field>
        <Field.Label>
          <FormattedMessage id="tickets.number" />
        </Field.Label>
        <Input
          isCompact
          type="search"
          inputMode="numeric"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={() => done()}
        />
      </Field>
    </form>
  );
}

const Bar = styled.div`
  display: grid;
  grid-template-columns: 140px repeat(2, minmax(150px, 220px)) auto;
  justify-content: start;
  align-items: end;
  gap: ${({ theme }) => theme.space.md};
  @media (max-width: 800px) {
    grid-template-columns: 1fr 1fr;
  }
`;
