/** What became of the test ticket, as lines of `check`. Pure. */
import type { CanaryReport, Station } from "../canary.ts";
import { broken, type CheckLine, fine } from "./line.ts";

const NAMES: Readonly<Record<Station, string>> = {
  ticket: "test ticket",
  webhook: "test ticket: told",
  decision: "test ticket: decided",
  write: "test ticket: written",
  sla: "test ticket: SLA",
};

/** A line for every station it reached, and one for the station it missed. */
export function canaryLines({ reached, missed }: CanaryReport): readonly CheckLine[] {
  return [
    ...reached.map(({ station, detail }) => fine("tickets", NAMES[station], detail)),
    ...(missed === null ? [] : [broken("tickets", NAMES[missed.station], missed.detail, missed.fix)]),
  ];
}
