/** An installation whose store holds the pretended year, some days before its end. */
import type { Facts } from "../../src/ports.ts";
import { moment } from "../builders.ts";
import { pretendYear } from "../report/pretend-year.ts";
import { type ConsoleWorld, startConsoleWorld } from "./world.ts";

/** When it is looked at. */
export const TODAY = moment("2026-06-28T15:00:00Z");
/** The half year before, as a reader asks for it. */
export const HALF_YEAR = "since=2026-01-01&until=2026-06-28";

/** Starts it; people who sign in afterwards are there on that day. */
export async function startYear(): Promise<ConsoleWorld> {
  const installation = await startConsoleWorld({ synced: false });
  const { clock, policy, service } = installation.world;
  await remember(service.store.facts, policy);
  clock.advanceTo(TODAY);
  return installation;
}

async function remember(facts: Facts, policy: ConsoleWorld["world"]["policy"]): Promise<void> {
  const { tickets, targets, moments } = pretendYear("faster", policy);
  const of = Map.groupBy(targets, (one) => one.ticketId);
  for (let from = 0; from < tickets.length; from += 500) {
    const some = tickets.slice(from, from + 500);
    await facts.putTickets(some);
    const ids = some.map((one) => one.ticketId);
    await facts.putTargets(
      ids,
      ids.flatMap((id) => of.get(id) ?? []),
    );
  }
  await facts.remember(moments);
}
