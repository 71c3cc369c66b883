/** Opening hours of the account, with their holidays. Read only. The addresses are not in the OpenAPI file; shapes as recorded. */
import { z } from "zod";
import type { DeskSchedule } from "../../src/ports.ts";
import type { ZendeskClient } from "./client.ts";
import { NOT_IN_PLAN } from "./describe.ts";
import { listOf, readEach } from "./schemas.ts";
import { list, requiredId, wording } from "./setup-schemas.ts";
import { ianaZone } from "./zones.ts";

const scheduleSchema = z.object({
  id: requiredId,
  name: wording,
  time_zone: wording,
  intervals: z
    .unknown()
    .optional()
    .transform((value) =>
      list(value).flatMap(({ start_time: from, end_time: to }) =>
        typeof from === "number" && typeof to === "number" ? [{ from, to }] : [],
      ),
    ),
});

const holidaySchema = z.object({ name: wording, start_date: wording, end_date: wording });

/** Every schedule in the account's order; one call, and one for the holidays of each. null = not in the plan. */
export async function readSchedules(client: ZendeskClient): Promise<readonly DeskSchedule[] | null> {
  const answer = await client.call({
    endpoint: "listSchedules",
    lane: "backfill",
    doing: "listing opening hours",
    absent: NOT_IN_PLAN,
  });
  if (answer === null) return null;
  const rows = readEach(scheduleSchema, listOf(answer.body, "schedules"), "schedule", client.report);
  const found: DeskSchedule[] = [];
  for (const { id, name, time_zone: zoneName, intervals } of rows)
    found.push({
      id,
      name,
      zoneName,
      zone: ianaZone(zoneName),
      weekly: intervals.toSorted((a, b) => a.from - b.from),
      holidays: await holidaysOf(client, id),
    });
  return found;
}

async function holidaysOf(client: ZendeskClient, scheduleId: string): Promise<DeskSchedule["holidays"]> {
  const answer = await client.call({
    endpoint: "listHolidays",
    ids: [scheduleId],
    lane: "backfill",
    doing: `listing the holidays of schedule ${scheduleId}`,
    absent: NOT_IN_PLAN,
  });
  if (answer === null) return null;
  const rows = readEach(holidaySchema, listOf(answer.body, "holidays"), "holiday", client.report);
  return rows.map((row) => ({
    name: row.name,
    from: row.start_date.slice(0, 10),
    to: (row.end_date || row.start_date).slice(0, 10),
  }));
}
