/** The parts of the house. Which file belongs where, and who may know whom. */
export type Zone =
  | "policy"
  | "errors"
  | "ports"
  | "store"
  | "sandbox"
  | "flow"
  | "verb"
  | "demo"
  | "wiring"
  | "connectors/http"
  | "connectors/index"
  | `connectors/${string}`;

const FIXED: readonly (readonly [RegExp, Zone])[] = [
  [/^src\/policy\//, "policy"],
  [/^src\/errors\.ts$/, "errors"],
  [/^src\/ports\.ts$/, "ports"],
  [/^src\/ports\//, "ports"],
  [/^src\/store\//, "store"],
  [/^src\/sandbox\//, "sandbox"],
  // One wiring, in as many files as its length needs: main.ts, main-health.ts, assemble.ts, …
  [/^src\/(?:main|cli|assemble)(?:-\w+)*\.ts$/, "wiring"],
  [/^src\/(?:commands\/)?demo[^/]*(?:\.ts$|\/)/, "demo"],
  [/^src\/commands\//, "verb"],
  [/^connectors\/http\.ts$/, "connectors/http"],
  [/^connectors\/index\.ts$/, "connectors/index"],
];

/** The words everybody may use: types only, no rules. */
const VOCABULARY = /^src\/policy\/model(?:-\w+)*\.ts$/;

/** The part of the house a file of `src` or `connectors` belongs to. */
export function zoneOf(path: string): Zone {
  const fixed = FIXED.find(([pattern]) => pattern.test(path))?.[1];
  if (fixed !== undefined) return fixed;
  const connector = /^connectors\/([^/]+)\//.exec(path)?.[1];
  return connector === undefined ? "flow" : `connectors/${connector}`;
}

/** Why a file may not import another one of ours, and what to do instead; null = it may. */
export function refusal(from: string, to: string): string | null {
  if (to.startsWith("test/")) return "product code never imports tests";
  if (!to.startsWith("src/") && !to.startsWith("connectors/")) return null;
  const a = zoneOf(from);
  const b = zoneOf(to);
  if (b === "sandbox" && a !== "sandbox" && a !== "demo" && !/^src\/(?:main|cli)\.ts$/.test(from))
    return "only main, cli, the demo and tests know the sandbox";
  return a === b ? null : between(a, b, to);
}

function between(a: Zone, b: Zone, to: string): string | null {
  if (a === "wiring" || a === "demo" || (a === "verb" && b !== "demo")) return null;
  if (b === "wiring" || b === "demo")
    return "only the command line imports the wiring or the demo: move what is shared below them";
  if (b === "verb")
    return "the flows do not know the command line: move the code into a flow and call it from the verb";
  switch (a) {
    case "policy":
      return "the policy is pure and imports nothing of ours outside src/policy: hand it in as a parameter";
    case "errors":
      return "errors import nothing";
    case "ports":
      return allow(["policy", "errors"], b, "ports know only the vocabulary and the errors");
    case "sandbox":
      return to === "src/policy/model.ts"
        ? null
        : "the sandbox stands on its own, but for src/policy/model.ts";
    case "store":
      return outer(b, to, "the store");
    case "flow":
      return allow(["ports", "policy", "errors"], b, FLOW);
    case "connectors/http":
      return allow(["ports", "errors"], b, "the shared way out knows only ports and errors");
    case "connectors/index":
      return b.startsWith("connectors/") ? null : outer(b, to, "the list of connectors");
    default:
      return b === "connectors/http" ? null : outer(b, to, "a connector");
  }
}

const FLOW =
  "flows speak to ports only, never to a connector or the store: take what is needed as a parameter and wire it in src/main.ts";

function allow(zones: readonly Zone[], to: Zone, otherwise: string): string | null {
  return zones.includes(to) ? null : otherwise;
}

/** What code at the edge may know: ports, errors, and the vocabulary, but no rules. */
function outer(b: Zone, to: string, who: string): string | null {
  if (b === "ports" || b === "errors" || VOCABULARY.test(to)) return null;
  return `${who} knows only src/ports.ts, src/errors.ts, src/policy/model.ts and its own files`;
}

/** Packages that only one part of the house may know. */
const AT_HOME: Readonly<Record<string, RegExp>> = {
  "@hubspot/api-client": /^connectors\/hubspot\//,
  pg: /^(?:src\/store|connectors\/sql)\//,
  "node:sqlite": /^(?:src\/store|connectors\/sql)\//,
  "csv-parse": /^connectors\/csv\//,
  "@slack/web-api": /^connectors\/slack\//,
  nodemailer: /^connectors\/email\//,
};

const PURE = new Set(["zod", "luxon", "big.js"]);

/** Why a file may not import a package, and what to do instead; null = it may. `dependencies` = those of package.json. */
export function packageRefusal(from: string, name: string, dependencies: ReadonlySet<string>): string | null {
  const zone = zoneOf(from);
  if (zone === "policy" && !PURE.has(name)) return "the policy imports only zod, luxon and big.js";
  if (zone === "errors" || zone === "ports") return `${zone} import no package`;
  const home = AT_HOME[name];
  if (home !== undefined && !home.test(from)) return `${name} is known only to ${home.source}`;
  if (name.startsWith("node:") || dependencies.has(name)) return null;
  return "it is not among the dependencies of package.json (a devDependency is absent where the product runs)";
}
