/** What every step of the wizard is handed. */
import type { Answer } from "../client.ts";

/** Where set-up stands. */
export type SetUpAnswer = Answer<"get /setup">;

/** The body of a step. */
export interface StepBody {
  readonly setUp: SetUpAnswer;
  /** Agents look, administrators do. */
  readonly isAdmin: boolean;
}
