/** The page `mapping`. */
import { FormattedMessage } from "react-intl";
import { PageHead } from "../parts/states.tsx";

/** The page. */
export function Mapping() {
  return <PageHead title={<FormattedMessage id="nav.mapping" />} />;
}
