/** A decision with everything it rests on, as the API tells it. */
import type { Answer } from "../client.ts";

export type FullDecision = Answer<"get /tickets/{id}">["decisions"][number];
