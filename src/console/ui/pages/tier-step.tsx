/** From one tier to another. */
import { FormattedMessage } from "react-intl";
import type { Answer } from "../client.ts";
import { Hidden } from "../parts/states.tsx";
import { TierTag } from "../parts/words.tsx";

type Tier = Answer<"get /tiers">["tiers"][number]["tier"];

/** Both tiers with an arrow, which is read as a word. */
export function TierStep({ from, to }: { readonly from: Tier; readonly to: Tier }) {
  return (
    <span>
      <TierTag tier={from} /> <span aria-hidden="true">→</span>{" "}
      <Hidden>
        <FormattedMessage id="customers.becomes" />
      </Hidden>{" "}
      <TierTag tier={to} />
    </span>
  );
}
