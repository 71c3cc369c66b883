/** Asks one thing and turns what goes wrong into a line, so that one refusal does not hide all other answers. */
import {
  CannotApply,
  ConfigProblem,
  NeedsAdmin,
  Outdated,
  Paused,
  StoreUnavailable,
  TryAgain,
} from "../errors.ts";
import { broken, type CheckArea, type CheckLine } from "./line.ts";

/** The answer, or the line that says why there is none. Anything but an expected failure is thrown on. */
export async function asked<T>(
  area: CheckArea,
  name: string,
  ask: () => Promise<T>,
): Promise<{ readonly value: T; readonly line: null } | { readonly value: null; readonly line: CheckLine }> {
  try {
    return { value: await ask(), line: null };
  } catch (error) {
    return { value: null, line: lineOf(area, name, error) };
  }
}

function lineOf(area: CheckArea, name: string, error: unknown): CheckLine {
  if (error instanceof NeedsAdmin) return broken(area, name, sentence(error.message), error.fix);
  if (error instanceof Paused)
    return broken(
      area,
      name,
      sentence(error.message),
      error.fix ?? "Wait a moment and run this check again.",
    );
  if (error instanceof ConfigProblem) {
    const [first] = error.problems;
    return broken(area, name, first?.what ?? error.message, first?.fix ?? "Correct the settings.");
  }
  if (error instanceof StoreUnavailable)
    return broken(area, name, sentence(error.message), "Check DATABASE_URL, and that the database runs.");
  if (error instanceof TryAgain || error instanceof Outdated || error instanceof CannotApply)
    return broken(
      area,
      name,
      sentence(error.message),
      "Run this check again; if it stays, look at the address.",
    );
  throw error;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
