/** Values as the reader writes them: moments and their age, money, tiers, shares that never hide how few they are of. */
import { getColor } from "@zendeskgarden/react-theming";
import { Tooltip } from "@zendeskgarden/react-tooltips";
import { useEffect, useState } from "react";
import { FormattedDate, FormattedMessage, FormattedNumber, FormattedRelativeTime, useIntl } from "react-intl";
import styled from "styled-components";
import { useServiceClock } from "../client.ts";
import { Quiet } from "./look.tsx";

/** A moment, short; the whole of it on hover and focus. */
export function Moment({ at }: { readonly at: string }) {
  const intl = useIntl();
  const full = intl.formatDate(at, { dateStyle: "full", timeStyle: "long" });
  return (
    <Tooltip content={full}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the whole moment must be reachable by keyboard too */}
      <time dateTime={at} tabIndex={0}>
        <FormattedDate value={at} dateStyle="medium" timeStyle="short" />
      </time>
    </Tooltip>
  );
}

/** A moment as short as it can be: the time alone today, with the weekday within some days, else with the date. */
export function Short({ at }: { readonly at: string }) {
  const intl = useIntl();
  const now = useNow(60_000);
  const isToday = intl.formatDate(at) === intl.formatDate(now);
  const isNear = Math.abs(Date.parse(at) - now) < 6 * 86_400_000;
  const day = isToday
    ? {}
    : isNear
      ? ({ weekday: "short" } as const)
      : ({ day: "numeric", month: "short" } as const);
  return (
    <time dateTime={at} title={intl.formatDate(at, { dateStyle: "full", timeStyle: "long" })}>
      <FormattedDate value={at} {...day} hour="numeric" minute="2-digit" />
    </time>
  );
}

/** A calendar day, as the contract has it: no time zone moves it. */
export function Day({ on }: { readonly on: string }) {
  return <FormattedDate value={`${on}T12:00:00Z`} dateStyle="medium" timeZone="UTC" />;
}

const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

/** "5 minutes ago", counting on, by the service's clock; the whole moment stands in the title. */
export function Ago({ at }: { readonly at: string }) {
  const intl = useIntl();
  const told = Math.round((Date.parse(at) - useNow(30_000)) / 1000);
  // The page reads the time in rounds of half a minute: what has just happened lies a little ahead of it.
  const seconds = told > 0 && told < 60 ? 0 : told;
  const [unit, size] = UNITS.find(([, one]) => Math.abs(seconds) >= one) ?? UNITS[3];
  return (
    <time dateTime={at} title={intl.formatDate(at, { dateStyle: "full", timeStyle: "long" })}>
      <FormattedRelativeTime value={Math.round(seconds / size)} unit={unit} numeric="auto" />
    </time>
  );
}

/** The service's present, told again every so many ms. */
export function useNow(everyMs: number): number {
  const aheadMs = useServiceClock();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now + aheadMs;
}

/** How old shown facts are; null = the CRM never confirmed them. */
export function FactsAge({ at }: { readonly at: string | null }) {
  return (
    <Quiet>
      {at === null ? (
        <FormattedMessage id="age.never" />
      ) : (
        <FormattedMessage id="age.confirmed" values={{ ago: <Ago at={at} /> }} />
      )}
    </Quiet>
  );
}

/** An exact amount in the reader's notation; without a currency it says so. */
export function Amount({
  money,
}: {
  readonly money: { readonly amount: string; readonly currency: string | null } | null;
}) {
  if (money === null) return <Dash />;
  const value = Number(money.amount);
  if (money.currency === null)
    return (
      <span>
        <FormattedNumber value={value} />{" "}
        <Quiet>
          (<FormattedMessage id="money.unknown" />)
        </Quiet>
      </span>
    );
  return (
    <FormattedNumber value={value} style="currency" currency={money.currency} maximumFractionDigits={0} />
  );
}

/** A target: `30 min`, `4 hr`, `1 hr 30 min`; hours are not made days, for a business day is none. */
export function Minutes({ value }: { readonly value: number }) {
  return (
    <Parts
      of={[
        ["hour", Math.floor(value / 60)],
        ["minute", Math.round(value % 60)],
      ]}
    />
  );
}

/** Time by the calendar, from days down to minutes, two units at most: `2 days, 21 hr`. */
export function Duration({ minutes }: { readonly minutes: number }) {
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  return days > 0 ? (
    <Parts
      of={[
        ["day", days],
        ["hour", hours],
      ]}
    />
  ) : (
    <Minutes value={minutes} />
  );
}

function Parts({ of }: { readonly of: readonly (readonly ["day" | "hour" | "minute", number])[] }) {
  const intl = useIntl();
  const shown = of.filter(
    ([, count], i) => count > 0 || (i === of.length - 1 && of.every(([, one]) => one === 0)),
  );
  return shown
    .map(([unit, count]) => intl.formatNumber(count, { style: "unit", unit, unitDisplay: "short" }))
    .join(" ");
}

/** Not known, or not there. */
export function Dash() {
  const intl = useIntl();
  return (
    <span role="img" aria-label={intl.formatMessage({ id: "value.none" })}>
      –
    </span>
  );
}

/** From the lowest tier up; what stands higher has the last. */
const HUES = ["grey", "blue", "purple", "fuschia", "crimson"] as const;

/** A tier; each step has its colour, and the name says it without one. */
export function TierTag({
  tier,
}: {
  readonly tier: { readonly id: string; readonly name: string; readonly rank: number | null };
}) {
  return <Pill $hue={HUES[Math.min(HUES.length - 1, tier.rank ?? 0)] ?? "grey"}>{tier.name}</Pill>;
}

/** A word in a soft colour of its own. */
export const Pill = styled.span<{ readonly $hue: string }>`
  display: inline-block;
  max-width: 100%;
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
  vertical-align: bottom;
  padding: 0 8px;
  border-radius: 10px;
  font-size: ${({ theme }) => theme.fontSizes.sm};
  line-height: 20px;
  font-weight: ${({ theme }) => theme.fontWeights.semibold};
  background: ${({ theme, $hue }) => getColor({ theme, hue: $hue, light: { shade: 200 }, dark: { shade: 900 } })};
  color: ${({ theme, $hue }) => getColor({ theme, hue: $hue, light: { shade: 900 }, dark: { shade: 300 } })};
`;

const PRODUCTS: Readonly<Record<string, string>> = {
  zendesk: "Zendesk",
  hubspot: "HubSpot",
  csv: "CSV",
  sql: "SQL",
};

/** A connected product by its own spelling. */
export function productName(name: string): string {
  return PRODUCTS[name] ?? name;
}

/** "96.3 % (183 of 190)"; nothing observed is said, not shown as zero. */
export function PartOf({ part, whole }: { readonly part: number; readonly whole: number }) {
  if (whole === 0) return <FormattedMessage id="share.none" />;
  return (
    <span>
      <FormattedNumber value={part / whole} style="percent" maximumFractionDigits={1} />{" "}
      <Quiet>
        <FormattedMessage id="share.of" values={{ part, whole }} />
      </Quiet>
    </span>
  );
}
