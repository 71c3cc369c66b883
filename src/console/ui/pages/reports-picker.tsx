/** Which window, and in whose time zone: the fields above a report. */
import { Field, Input, Select } from "@zendeskgarden/react-forms";
import { FormattedMessage, useIntl } from "react-intl";
import styled from "styled-components";
import { useNow } from "../parts/words.tsx";
import {
  daysAfter,
  daysOf,
  NAMED_WINDOWS,
  type NamedWindow,
  nameOf,
  ownZone,
  present,
  type ReportWindow,
  zones,
} from "./reports-window.ts";

interface PickerProps {
  readonly window: ReportWindow;
  /** Length of the window where no day is named. */
  readonly usualDays: number;
  readonly onChange: (window: ReportWindow) => void;
}

/** The fields; each works at once. */
export function WindowPicker({ window, usualDays, onChange }: PickerProps) {
  const intl = useIntl();
  const today = new Date(useNow(60_000)).toISOString().slice(0, 10);
  const { since, until, zone, enter } = window;
  const set = (change: Partial<Record<keyof ReportWindow, string | undefined>>): void =>
    onChange(present({ since, until, zone, enter, ...change }));
  const pick = (name: NamedWindow): void =>
    onChange(present({ since: undefined, until: undefined, zone, enter, ...daysOf(name, today) }));
  const lastDay = until === undefined ? "" : daysAfter(until, -1);
  return (
    <Bar role="search" aria-label={intl.formatMessage({ id: "report.window" })}>
      <Named name={nameOf(window, today)} usualDays={usualDays} onPick={pick} />
      <Field>
        <Field.Label>
          <FormattedMessage id="report.firstDay" />
        </Field.Label>
        <Input
          isCompact
          type="date"
          max={until === undefined ? today : lastDay}
          value={since ?? ""}
          onChange={(event) => set({ since: event.target.value })}
        />
      </Field>
      <Field>
        <Field.Label>
          <FormattedMessage id="report.lastDay" />
        </Field.Label>
        <Input
          isCompact
          type="date"
          min={since}
          value={lastDay}
          onChange={(event) =>
            set({ until: event.target.value === "" ? "" : daysAfter(event.target.value, 1) })
          }
        />
      </Field>
      <Zone zone={zone} onChange={(value) => set({ zone: value })} />
    </Bar>
  );
}

function Named({
  name,
  usualDays,
  onPick,
}: {
  readonly name: NamedWindow | null;
  readonly usualDays: number;
  readonly onPick: (name: NamedWindow) => void;
}) {
  const intl = useIntl();
  return (
    <Field>
      <Field.Label>
        <FormattedMessage id="report.named" />
      </Field.Label>
      <Select isCompact value={name ?? "own"} onChange={(event) => onPick(event.target.value as NamedWindow)}>
        {NAMED_WINDOWS.map((one) => (
          <option key={one} value={one}>
            {intl.formatMessage({ id: `report.named.${one}` }, { days: usualDays })}
          </option>
        ))}
        {name === null && (
          <option value="own" disabled>
            {intl.formatMessage({ id: "report.named.own" })}
          </option>
        )}
      </Select>
    </Field>
  );
}

function Zone({
  zone,
  onChange,
}: {
  readonly zone: string | undefined;
  readonly onChange: (zone: string) => void;
}) {
  const intl = useIntl();
  const own = ownZone();
  return (
    <Field>
      <Field.Label>
        <FormattedMessage id="report.zone" />
      </Field.Label>
      <Select isCompact value={zone ?? ""} onChange={(event) => onChange(event.target.value)}>
        <option value="">{intl.formatMessage({ id: "report.zone.policy" })}</option>
        <option value={own}>{intl.formatMessage({ id: "report.zone.own" }, { zone: own })}</option>
        {zones()
          .filter((one) => one !== own)
          .map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
      </Select>
    </Field>
  );
}

const Bar = styled.div`
  display: grid;
  grid-template-columns: minmax(150px, 200px) repeat(2, 150px) minmax(160px, 240px);
  align-items: end;
  gap: ${({ theme }) => theme.space.md};
  @media (max-width: 800px) {
    grid-template-columns: 1fr 1fr;
  }
`;
