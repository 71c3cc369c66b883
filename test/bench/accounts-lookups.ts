/** Times local look-ups, on a filled store. */
import { openStore } from "../../src/store/open.ts";
import { answerWith } from "./answering.ts";
import { ORGANIZATIONS_FROM } from "./filling.ts";
import { percentile } from "./numbers.ts";

/** Times of one look-up, µs. */
export interface Times {
  readonly p50: number;
  readonly p99: number;
  /** Look-ups left out, because other work on the machine took the processor away in the middle. */
  readonly interrupted: number;
}

answerWith({
  look: async ({
    databaseUrl,
    accounts,
    times,
  }: {
    databaseUrl: string;
    accounts: number;
    times: number;
  }) => {
    const store = await openStore(databaseUrl, { warn: () => undefined });
    const anybody = (): string => String(ORGANIZATIONS_FROM + Math.floor(Math.random() * accounts));
    const around = (): Promise<unknown> =>
      store.accounts.around({ organizationId: anybody(), domain: "somebody.example" });
    const tier = (): Promise<unknown> => store.accounts.tierOfOrganization(anybody());
    const point = (): Promise<unknown> => store.register.cursor("full");
    const found = {
      around: await timed(around, times),
      entitlement: await timed(tier, times),
      point: await timed(point, times),
    };
    await store.close();
    return found;
  },
});

/** The kernel counts how often it took the processor from us: such look-ups tell of the machine, not of the store. */
async function timed(work: () => Promise<unknown>, times: number): Promise<Times> {
  for (let i = 0; i < times / 4; i += 1) await work();
  const taken: number[] = [];
  for (let i = 0; i < times; i += 1) {
    const before = process.resourceUsage().involuntaryContextSwitches;
    const began = performance.now();
    await work();
    const spent = (performance.now() - began) * 1000;
    if (process.resourceUsage().involuntaryContextSwitches === before) taken.push(spent);
  }
  return { p50: percentile(taken, 0.5), p99: percentile(taken, 0.99), interrupted: times - taken.length };
}
