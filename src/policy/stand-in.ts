/** Who hears in whose place: the back-ups of people who are away. */
import type { CalendarDate, People } from "./model.ts";

/**
 * Who is to be told what was meant for `email` on a day: the first of their line of back-ups who is not away. Where all
 * of them are away, or nobody stands in, it stays with `email`: better a late reader than none.
 */
export function presentFor(email: string, people: People, on: CalendarDate): string {
  const asked = new Set<string>();
  let one: string | null = email.toLowerCase();
  while (one !== null && !asked.has(one)) {
    asked.add(one);
    const known: People["members"][string] | undefined = Object.hasOwn(people.members, one)
      ? people.members[one]
      : undefined;
    if (known === undefined || !known.away.some(({ from, to }) => from <= on && on <= to)) return one;
    one = known.backup;
  }
  return email.toLowerCase();
}
