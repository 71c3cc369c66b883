/** Taking the last writes on tickets back: what would be, or was, put back. */
import { z } from "zod";
import { moment } from "./schemas.ts";

/** More are put back by the command line, which shows how far it is. */
export const MOST_UNDONE = 25;

/** How many tickets, counted from the newest write. */
export const undoQuery = z.object({
  last: z.coerce
    .number()
    .int()
    .min(1)
    .max(MOST_UNDONE)
    .meta({ description: "Tickets, from the newest write" }),
});

/** What was looked at before: writes that came since then are not taken back unseen. */
export const undoWish = z.object({
  last: z.number().int().min(1).max(MOST_UNDONE),
  since: moment.meta({ description: "`since` of the preview that was looked at" }),
});

const line = z.object({ what: z.string(), why: z.string(), fix: z.string().nullable() });

/** What would be, or was, put back. */
export const undoTold = z
  .object({
    since: moment
      .nullable()
      .meta({ description: "Decision of the oldest of them; null = nothing was written yet" }),
    undoRunId: z.string().nullable().meta({ description: "Run that put it back; null = only looked" }),
    undone: z.array(z.object({ what: z.string(), did: z.string() })),
    left: z.array(line).meta({ description: "Changed by people since, or not to be put back" }),
    failed: z.array(line),
    already: z.number().int().meta({ description: "Tickets that were as before already" }),
    onHold: z.number().int().meta({ description: "Not written again until facts or policy change" }),
  })
  .meta({ id: "UndoTold" });
