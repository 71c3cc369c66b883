/** The page `policy`. */
import { FormattedMessage } from "react-intl";
import { PageHead } from "../parts/states.tsx";

/** The page. */
export function PolicyPage() {
  return <PageHead title={<FormattedMessage id="nav.policy" />} />;
}
