/** The head of the two lists about tickets. */
import { FormattedMessage, useIntl } from "react-intl";
import { useAnswer } from "../client.ts";
import { PageHead } from "../parts/states.tsx";
import { SubNav } from "../parts/sub-nav.tsx";

/** Heading, and the way from one list to the other; how many deliveries wait stands beside their list's name. */
export function TicketsHead() {
  const intl = useIntl();
  const parked = useAnswer("get /deliveries/parked", {});
  return (
    <>
      <PageHead
        title={<FormattedMessage id="nav.tickets" />}
        about={<FormattedMessage id="tickets.about" />}
      />
      <SubNav
        label={intl.formatMessage({ id: "nav.tickets" })}
        parts={[
          { path: "/", name: <FormattedMessage id="tickets.decisions" /> },
          {
            path: "/failed",
            name: <FormattedMessage id="tickets.parked" values={{ parked: parked.data?.total ?? 0 }} />,
          },
        ]}
      />
    </>
  );
}
