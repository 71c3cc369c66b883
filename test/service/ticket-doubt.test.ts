/** When a write of ours that nobody answered, and that is not on its ticket, can no longer come. */
import { expect, test } from "@jest/globals";
import type { TicketImage } from "../../src/ports.ts";
import { IN_DOUBT, mayStillArrive } from "../../src/ticket-doubt.ts";

const AS_SEEN = { priority: null, group: "Support", tags: ["a", "b"], organizationId: "1" };

const rows: readonly [string, Partial<TicketImage>, readonly (string | null)[], boolean][] = [
  ["may come while the ticket is as we had seen it", {}, [null], true],
  ["may come after a first try that failed", {}, ["Zendesk did not answer"], true],
  ["may come whatever order the tags are told in", { tags: ["b", "a"] }, [null], true],
  ["cannot come once a webhook of the ticket has waited for it", {}, [null, IN_DOUBT.reason], false],
  ["cannot come after somebody set the priority", { priority: "low" }, [null], false],
  ["cannot come after somebody moved it to another group", { group: "Billing" }, [null], false],
  ["cannot come after somebody tagged it", { tags: ["a", "b", "ps_skip"] }, [null], false],
  ["cannot come after it was given to another organization", { organizationId: "2" }, [null], false],
];

test.each(rows)("a write in doubt %s", (_sentence, changed, reasons, may) => {
  const deliveries = reasons.map((reason) => ({ reason }));
  expect(mayStillArrive({ before: AS_SEEN }, { deliveries }, { ...AS_SEEN, ...changed })).toBe(may);
});
