/** The naive peer, put where the service would be: same sandboxes, same webhooks. */
import { createRequire } from "node:module";
import { dataset } from "../../src/sandbox/dataset.ts";
import type { Rig } from "../flow/process/rig.ts";
import type { Source } from "../flow/process/sending.ts";
import type { Child } from "./child.ts";
import { policyOfDemo } from "./figure-decide.ts";

/** Are the peer's packages there? They are not the product's. */
export function isInstalled(): boolean {
  try {
    createRequire(import.meta.url).resolve("zendesk-node-api");
    return true;
  } catch {
    return false;
  }
}

/** Starts the peer where the rig's desk sends its webhooks. */
export async function naiveOn(rig: Rig, peer: Child): Promise<void> {
  const state = (await (await fetch(`${rig.ready.desk.url}/_sandbox/state`)).json()) as {
    readonly webhooks: Readonly<Record<string, { readonly endpoint: string }>>;
  };
  const endpoint = Object.values(state.webhooks)[0]?.endpoint ?? "";
  await peer.ask("start", { port: Number(new URL(endpoint).port), env: rig.ready.env });
}

/** What the rig's tickets are drawn from. */
export function sourceOf({ ready }: Rig): Source {
  const { seed, asOf, companies } = ready;
  return { data: dataset({ seed, asOf, companies }), policy: policyOfDemo(), seed };
}
