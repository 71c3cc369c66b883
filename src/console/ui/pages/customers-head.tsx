/** The head of the lists about customers. */
import { FormattedMessage, useIntl } from "react-intl";
import { useAnswer } from "../client.ts";
import { PageHead } from "../parts/states.tsx";
import { SubNav } from "../parts/sub-nav.tsx";

/** Heading, and the way from one list to the other; what waits for a person is counted beside its list's name. */
export function CustomersHead() {
  const intl = useIntl();
  const held = useAnswer("get /guard", {});
  const reviews = useAnswer("get /reviews", {});
  const records = held.data?.runs.reduce((sum, run) => sum + run.records, 0) ?? 0;
  const doubts = (reviews.data?.items.length ?? 0) + (reviews.data?.reports.length ?? 0);
  return (
    <>
      <PageHead
        title={<FormattedMessage id="nav.customers" />}
        about={<FormattedMessage id="customers.about" />}
      />
      <SubNav
        label={intl.formatMessage({ id: "nav.customers" })}
        parts={[
          { path: "/", name: <FormattedMessage id="customers.all" /> },
          { path: "/held", name: <FormattedMessage id="customers.held" values={{ records }} /> },
          { path: "/review", name: <FormattedMessage id="customers.review" values={{ doubts }} /> },
          { path: "/movements", name: <FormattedMessage id="customers.movements" /> },
        ]}
      />
    </>
  );
}
