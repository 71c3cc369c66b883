/** The page `customers`. */
import { FormattedMessage } from "react-intl";
import { PageHead } from "../parts/states.tsx";

/** The page. */
export function Customers() {
  return <PageHead title={<FormattedMessage id="nav.customers" />} />;
}
