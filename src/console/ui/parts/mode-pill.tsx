/** May anything be written outside at present? In one word, on every page. */
import { FormattedMessage } from "react-intl";
import type { Answer } from "../client.ts";
import { Pill } from "./words.tsx";

/** The word. */
export function ModePill({ switches }: { readonly switches: Answer<"get /switches"> }) {
  const { pausedSince, simulating } = switches;
  const mode = pausedSince !== null ? "paused" : simulating ? "simulating" : "live";
  return (
    <Pill $hue={mode === "live" ? "green" : "yellow"}>
      <FormattedMessage id={`mode.${mode}`} />
    </Pill>
  );
}
