/** Plays scenario after scenario until one breaks a promise, and shrinks that one to what a person can read. */
import fc from "fast-check";
import type { InstancePorts } from "./instance.ts";
import { type Outcome, openModel, type Scenario } from "./run.ts";
import { scenarios } from "./scenario.ts";

export interface ExploreOptions {
  readonly about: Scenario["about"];
  readonly runs: number;
  readonly seed: number;
  /** Where in the search to begin: the path a failure printed. Left out = at its start. */
  readonly path?: string;
  /** Puts something broken in the place of every process's ports. */
  readonly broken?: (ports: InstancePorts) => InstancePorts;
  /** false = the first failure as it was found. Left out = true. */
  readonly shrink?: boolean;
  /** Hears how many runs were played, now and then. */
  readonly progress?: (runs: number) => void;
}

export interface Explored {
  readonly runs: number;
  /** null = every promise was kept in every run. */
  readonly failure: Failure | null;
}

export interface Failure {
  /** What was wrong, one sentence each. */
  readonly broken: readonly string[];
  /** What happened, one line each; looks for work that found nothing are left out. */
  readonly trace: readonly string[];
  readonly scenario: Scenario;
  readonly path: string;
}

const TELL_EVERY = 500;

/** Explores; equal options give equal answers. */
export async function explore(options: ExploreOptions): Promise<Explored> {
  const { about, runs, seed, path, broken, shrink = true, progress } = options;
  const model = await openModel();
  let played = 0;
  const play = async (scenario: Scenario): Promise<Outcome> => {
    played += 1;
    if (played % TELL_EVERY === 0) progress?.(played);
    return model.play(scenario, broken);
  };
  const keeps = fc.asyncProperty(
    scenarios(about),
    async (scenario) => (await play(scenario)).broken.length === 0,
  );
  try {
    const found = await fc.check(keeps, {
      numRuns: runs,
      seed,
      endOnFailure: !shrink,
      ...(path === undefined ? {} : { path }),
    });
    const [scenario] = found.counterexample ?? [];
    if (scenario === undefined) return { runs: found.numRuns, failure: null };
    const { broken: what, trace } = await play(scenario);
    const failure = {
      broken: what,
      trace: trace.filter(isNews),
      scenario,
      path: found.counterexamplePath ?? "",
    };
    return { runs: found.numRuns, failure };
  } finally {
    model.close();
  }
}

/** A process that looks for work, or whether it may write, is no news. */
function isNews(line: string): boolean {
  return !/ (?:stores (?:claims|leases|cursors)|reads (?:settings|cursors|decisions|links|deliveries))$/.test(
    line,
  );
}

/** A failure as a person reads it; null = there is none. */
export function inWords({ about, seed }: ExploreOptions, { failure }: Explored): string | null {
  if (failure === null) return null;
  const { broken, trace, scenario, path } = failure;
  return [
    "A promise was broken:",
    ...broken.map((sentence) => `  - ${sentence}`),
    "",
    "What happened (simulated seconds, who, what):",
    ...trace,
    "",
    `scenario ${JSON.stringify(scenario)}`,
    `again: npm run chaos:model -- --about ${about} --seed ${seed} --path ${path}`,
  ].join("\n");
}

/** The seed of this run: MODEL_SEED, or one that never changes, so that a build says the same twice. */
export function seedOf(env: NodeJS.ProcessEnv): number {
  const given = Number(env.MODEL_SEED);
  return Number.isSafeInteger(given) && env.MODEL_SEED !== undefined ? given : 20_260_609;
}
