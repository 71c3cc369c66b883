/** Reports: each question by itself, over the window and in the zone that the reader chose. */
import { FormattedMessage, useIntl } from "react-intl";
import { Redirect, Route, Switch, useSearchParams } from "wouter";
import { type Answer, useAnswer } from "../client.ts";
import { Download } from "../parts/download.tsx";
import { Row, Stack } from "../parts/look.tsx";
import { ReportView } from "../parts/report-view.tsx";
import { PageHead, Shown } from "../parts/states.tsx";
import { SubNav } from "../parts/sub-nav.tsx";
import { WindowPicker } from "./reports-picker.tsx";
import { WhatIf } from "./reports-what-if.tsx";
import { type ReportWindow, windowIn } from "./reports-window.ts";

/** The page with one part for each report. */
export function Reports() {
  const list = useAnswer("get /reports", {});
  return (
    <Shown asked={list} lines={8}>
      {({ reports }) => (
        <Switch>
          <Route path="/:name">{({ name }) => <Report name={name} reports={reports} />}</Route>
          <Route>
            <Redirect to={`/${reports[0]?.name ?? ""}`} replace />
          </Route>
        </Switch>
      )}
    </Shown>
  );
}

interface ReportProps {
  readonly name: string;
  readonly reports: Answer<"get /reports">["reports"];
}

function Report({ name, reports }: ReportProps) {
  const intl = useIntl();
  const [search, setSearch] = useSearchParams();
  const { enter, ...days } = windowIn(search);
  const kind = reports.find((one) => one.name === name);
  const window = name === "capacity" && enter !== undefined ? { ...days, enter } : days;
  const asked = useAnswer("get /reports/{name}/shown", { params: { name }, query: window });
  const change = (next: ReportWindow): void => setSearch({ ...next }, { replace: true });
  const kept = new URLSearchParams({ ...days }).toString();
  return (
    <Stack>
      <PageHead
        title={<FormattedMessage id="nav.reports" />}
        about={kind?.answers}
        actions={<Files name={name} window={window} />}
      />
      <SubNav
        label={intl.formatMessage({ id: "nav.reports" })}
        parts={reports.map((one) => ({
          path: `/${one.name}`,
          // The window goes along to the next report.
          href: kept === "" ? `/${one.name}` : `/${one.name}?${kept}`,
          name: <ReportName name={one.name} />,
        }))}
      />
      <WindowPicker usualDays={kind?.usualDays ?? 90} window={window} onChange={change} />
      {name === "capacity" && (
        <WhatIf
          enter={enter}
          onChange={(next) => change(next === undefined ? days : { ...days, enter: next })}
        />
      )}
      <Shown key={name} asked={asked} lines={12}>
        {(report) => <ReportView report={report} />}
      </Shown>
    </Stack>
  );
}

/** A report of a later service has no word of ours yet: its name stands for itself. */
function ReportName({ name }: { readonly name: string }) {
  const intl = useIntl();
  const id = `report.name.${name}`;
  return id in intl.messages ? <FormattedMessage id={id} /> : name;
}

function Files({ name, window }: { readonly name: string; readonly window: ReportWindow }) {
  return (
    <Row>
      {(["html", "csv"] as const).map((format) => (
        <Download key={format} path={`/reports/${name}/file`} query={{ ...window, format }}>
          <FormattedMessage id={`report.file.${format}`} />
        </Download>
      ))}
    </Row>
  );
}
