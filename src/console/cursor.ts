/** Places in long lists, as opaque text for `?cursor=`. */
import { z } from "zod";
import { ApiProblem } from "./problem.ts";

/** Text for `next`. */
export function cursorOf(place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

/** The place behind a cursor; undefined = from the start. @throws ApiProblem it is none of ours. */
export function placeOf<S extends z.ZodType>(schema: S, cursor: string | undefined): z.output<S> | null {
  if (cursor === undefined) return null;
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
  } catch (cause) {
    if (!(cause instanceof SyntaxError) && !(cause instanceof z.ZodError)) throw cause;
    throw new ApiProblem(
      400,
      "bad_request",
      "The cursor is none that this list gave out.",
      "Leave `cursor` out to begin anew.",
    );
  }
}
