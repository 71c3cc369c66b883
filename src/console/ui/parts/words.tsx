/** Values as the reader writes them: moments and their age, money, tiers, shares that never hide how few they are of. */
import { Tag } from "@zendeskgarden/react-tags";
import { Tooltip } from "@zendeskgarden/react-tooltips";
import { useEffect, useState } from "react";
import { FormattedDate, FormattedMessage, FormattedNumber, FormattedRelativeTime, useIntl } from "react-intl";
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

/** "5 minutes ago", counting on. */
export function Ago({ at }: { readonly at: string }) {
  const seconds = Math.round((Date.parse(at) - useNow(30_000)) / 1000);
  const [unit, size] = UNITS.find(([, one]) => Math.abs(seconds) >= one) ?? UNITS[3];
  return <FormattedRelativeTime value={Math.round(seconds / size)} unit={unit} numeric="auto" />;
}

/** The present, told again every so many ms. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
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

/** Not known, or not there. */
export function Dash() {
  const intl = useIntl();
  return (
    <span role="img" aria-label={intl.formatMessage({ id: "value.none" })}>
      –
    </span>
  );
}

const HUES = ["grey", "azure", "blue", "purple", "kale", "crimson"] as const;

/** A tier; the higher, the stronger its colour. */
export function TierTag({
  tier,
}: {
  readonly tier: { readonly id: string; readonly name: string; readonly rank: number | null };
}) {
  const step = tier.rank === null ? 0 : Math.min(HUES.length - 1, Math.max(0, tier.rank));
  return (
    <Tag isPill hue={HUES[step] ?? "grey"}>
      <span>{tier.name}</span>
    </Tag>
  );
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
