/** The hours of a week as a grid, days down and hours across; the table below says the same in words. */
import { getColor } from "@zendeskgarden/react-theming";
import { FormattedDate, useIntl } from "react-intl";
import styled from "styled-components";
import type { Answer } from "../client.ts";
import { Quiet, Row, Stack } from "./look.tsx";

type Week = Answer<"get /reports/{name}/shown">["parts"][number]["weeks"][number];
type Tone = Week["legend"][number]["tone"];

const DAYS = [0, 1, 2, 3, 4, 5, 6] as const;
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
/** A Monday, to take the names of days from. */
const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

/** The grid with what its colours mean; every hour says more when pointed at. */
export function WeekGrid({ week }: { readonly week: Week }) {
  const intl = useIntl();
  return (
    <Stack $gap="xs">
      <h3>{week.title}</h3>
      <Sideways>
        <Grid role="img" aria-label={intl.formatMessage({ id: "report.plot" }, { title: week.title })}>
          <span />
          {HOURS.map((hour) => (
            <Label key={hour}>{hour % 3 === 0 ? hour : ""}</Label>
          ))}
          {DAYS.map((day) => (
            <Day key={day} day={day} hours={week.hours.slice(day * 24, day * 24 + 24)} />
          ))}
        </Grid>
      </Sideways>
      <Row>
        {week.legend.map(({ tone, text }) => (
          <Row key={text}>
            <Hour $tone={tone} />
            <Quiet>{text}</Quiet>
          </Row>
        ))}
      </Row>
    </Stack>
  );
}

function Day({ day, hours }: { readonly day: number; readonly hours: Week["hours"] }) {
  return (
    <>
      <Label $first>
        <FormattedDate value={MONDAY + day * DAY_MS} weekday="short" timeZone="UTC" />
      </Label>
      {HOURS.map((hour) => {
        const told = hours[hour];
        return <Hour key={hour} $tone={told?.tone ?? "quiet"} title={`${hour}:00 ${told?.text ?? ""}`} />;
      })}
    </>
  );
}

const Sideways = styled.div`
  overflow-x: auto;
`;

const Grid = styled.div`
  display: grid;
  grid-template-columns: 56px repeat(24, minmax(16px, 30px));
  gap: 2px;
`;

const Label = styled.span<{ readonly $first?: boolean }>`
  font-size: ${({ theme }) => theme.fontSizes.sm};
  line-height: 18px;
  text-align: ${({ $first }) => ($first === true ? "left" : "center")};
  color: ${({ theme }) => getColor({ theme, variable: "foreground.subtle" })};
`;

const HUES: Readonly<Record<Tone, string>> = { good: "green", bad: "red", doubt: "yellow", quiet: "grey" };
/** Each its own pattern, for eyes that see no colour. */
const PATTERNS: Readonly<Record<Tone, string>> = {
  good: "none",
  bad: "repeating-linear-gradient(45deg, transparent 0 4px, currentColor 4px 5.5px)",
  doubt: "radial-gradient(currentColor 1.2px, transparent 1.6px) 0 0 / 6px 6px",
  quiet: "none",
};

const Hour = styled.span<{ readonly $tone: Tone }>`
  display: block;
  min-width: 16px;
  height: 18px;
  border-radius: 2px;
  color: ${({ theme, $tone }) => getColor({ theme, hue: HUES[$tone], light: { shade: 800 }, dark: { shade: 300 } })};
  background: ${({ $tone }) => PATTERNS[$tone]};
  background-color: ${({ theme, $tone }) => getColor({ theme, hue: HUES[$tone], light: { shade: $tone === "quiet" ? 200 : 400 }, dark: { shade: 800 } })};
`;
