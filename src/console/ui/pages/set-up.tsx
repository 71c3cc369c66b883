/** The page `set-up`. */
import { FormattedMessage } from "react-intl";
import { PageHead } from "../parts/states.tsx";

/** The page. */
export function SetUp() {
  return <PageHead title={<FormattedMessage id="nav.setup" />} />;
}
