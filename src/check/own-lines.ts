/** Our own side: settings, policy file, store. */
import type { Finding, Policy } from "../policy/model.ts";
import type { Store } from "../ports.ts";
import { asked } from "./asking.ts";
import { broken, type CheckLine, doubtful, fine } from "./line.ts";

/** Settings that are wrong or missing; in order when there are none. */
export function settingLines(
  problems: readonly { readonly what: string; readonly fix: string }[],
): readonly CheckLine[] {
  if (problems.length === 0) return [fine("settings", "settings", "complete")];
  return problems.map(({ what, fix }) => broken("settings", "settings", what, fix));
}

/** Findings of the policy file. A policy with an error is not used, so nothing behind it can be looked at. */
export function policyLines(
  path: string,
  policy: Policy | null,
  findings: readonly Finding[],
): readonly CheckLine[] {
  const lines = findings.map((one) => {
    const line = one.severity === "error" ? broken : doubtful;
    return line("policy", one.code, `${one.path === "" ? "" : `${one.path}: `}${one.message}`, one.fix);
  });
  if (policy === null) return lines;
  return [
    fine("policy", "policy", `${path}, version ${policy.version}, ${policy.tiers.length} tiers`),
    ...lines,
  ];
}

/** Is the store there, do we write, does anything wait for a person? */
export async function storeLines(store: Store, crms: readonly string[]): Promise<readonly CheckLine[]> {
  const read = await asked("store", "store", async () => ({
    backlog: await store.inbox.backlog(),
    mode: await store.register.setting("mode"),
    syncs: await Promise.all(
      crms.map(async (name) => ({ name, run: await store.runs.last(`sync:${name}`) })),
    ),
  }));
  if (read.line !== null) return [read.line];
  const { backlog, mode, syncs } = read.value;
  return [
    fine("store", "store", `${store.kind}, ${backlog.pending} deliveries waiting`),
    fine("store", "mode", mode === "simulate" ? "simulating: nothing is written outside" : "live"),
    ...(backlog.parked === 0
      ? []
      : [
          doubtful(
            "store",
            "parked deliveries",
            `${backlog.parked} wait for a person.`,
            "Put right what their log lines name, then run `priority-support replay`.",
          ),
        ]),
    ...syncs.map(({ name, run }) => {
      if (run === null) return fine("store", `sync of ${name}`, "has not run yet");
      if (run.error === null)
        return fine(
          "store",
          `sync of ${name}`,
          run.endedAt === null ? "is running" : "the last one went well",
        );
      return doubtful(
        "store",
        `sync of ${name}`,
        `The last one failed: ${run.error}`,
        "Put right what it names, then run `priority-support sync`.",
      );
    }),
  ];
}
