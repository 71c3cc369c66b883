/** The other end of `child.ts`: answers questions until the process is told to stop. */
import type { Answer, Question } from "./child.ts";

type Answers = Readonly<Record<string, (value: never) => unknown>>;

/** Answers each question by the function of its name; the value of a promise counts. */
export function answerWith(answers: Answers): void {
  process.on("message", ({ id, question, value }: Question) => {
    const reply = (answer: Answer): void => void process.send?.(answer);
    Promise.resolve()
      .then(() => {
        const how = answers[question];
        if (how === undefined) throw new Error("nobody answers this");
        return how(value as never);
      })
      .then(
        (found) => reply({ id, value: found ?? null }),
        (error: unknown) =>
          reply({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
      );
  });
  // Without the one who asks there is nothing left to do.
  process.on("disconnect", () => process.exit(0));
  process.on("SIGTERM", () => process.exit(0));
}
