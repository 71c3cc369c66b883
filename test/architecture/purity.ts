import { lineAt, type SourceFile } from "./project.ts";

type Pattern = readonly [RegExp, string];

/** What makes an answer depend on when, where or how often it was asked for. */
const IMPURE: readonly Pattern[] = [
  [/\bDate\.now\b/g, "reads the clock: take the time as a parameter"],
  [/\bnew\s+Date\s*(?:\(\s*\)|(?![\s(\w]))/g, "reads the clock: take the time as a parameter"],
  [/(?<!new\s+)(?<![\w.])Date\s*\(/g, "reads the clock: take the time as a parameter"],
  [/\bDateTime\.(?:now|local|utc)\s*\(\s*\)/g, "reads the clock: take the time as a parameter"],
  [/\bDateTime\.now\b/g, "reads the clock: take the time as a parameter"],
  [/\bperformance\.\w+/g, "reads the clock: take the time as a parameter"],
  [/\bMath\.random\b/g, "throws dice: take the number as a parameter"],
  [/\b(?:randomUUID|getRandomValues)\b/g, "throws dice: take the number as a parameter"],
  [/\bSettings\.\w+/g, "depends on luxon's global settings: name the zone in the call"],
  [/(?<![\w.])process\b(?!\s*[:(?])/g, "reads the process or its environment: take the value as a parameter"],
  [/(?<![\w.])fetch\s*\(/g, "goes to the network: read it in a flow and hand it in"],
  [/(?<![\w.])(?:setTimeout|setInterval|setImmediate|queueMicrotask)\b/g, "waits: flows own time"],
  [/(?<![\w.])console\.\w+/g, "prints: return the finding instead"],
  [/\bglobalThis\b|\bimport\.meta\b/g, "reaches outside its arguments"],
  [/\bimport\s*\(|(?<![\w.])require\s*\(/g, "loads code while running"],
];

/** What in a file of src/policy is not pure, one sentence each; a pure file gives an empty list. */
export function impuritiesOf(file: SourceFile): readonly string[] {
  return matches(file, IMPURE);
}

const UNTYPED: readonly Pattern[] = [
  [
    /(?:[:<,|&=([]|=>|\bas|\bextends|\bkeyof)\s*any(?=\s*(?:[,>)\]};|&[={]|$|\n))/g,
    "`any`: use unknown and parse it",
  ],
  [/\bz\.any\s*\(/g, "z.any() infers `any`: use z.unknown()"],
];

/** Where a file gives up on types; none gives an empty list. */
export function untypedIn(file: SourceFile): readonly string[] {
  const silenced = [...file.text.matchAll(/@ts-(?:ignore|nocheck|expect-error)/g)].map(
    ({ index, 0: word }) =>
      `${file.path}:${lineAt(file.text, index)} ${word} silences the compiler: fix the type`,
  );
  return [...matches(file, UNTYPED), ...silenced];
}

const SHAPE: readonly Pattern[] = [
  [/\bexport\s+default\b/g, "default export: export it by name"],
  [
    /(?<![\w.$])class\s+(?!\w+\s+extends\s+\w*Error\b)\w+/g,
    "a class that is not an error: write a function that returns an object",
  ],
];

/** Classes and default exports in a file; none gives an empty list. */
export function shapesIn(file: SourceFile): readonly string[] {
  return matches(file, SHAPE);
}

const STATE: readonly Pattern[] = [
  [
    /^(?:export\s+)?(?:let|var)\s+\w+/gm,
    "state of the module: two installations in one process would share it",
  ],
  [
    /^(?:export\s+)?const\s+\w+[^=\n]*=\s*(?:new\s+(?:Map|Set)(?:<.*>)?\(\)|\[\]|\{\});/gm,
    "an empty collection that waits to be filled is state of the module: keep it inside the function that opens it",
  ],
];

/** State at the top level of a file; none gives an empty list. */
export function moduleStateIn(file: SourceFile): readonly string[] {
  return matches(file, STATE);
}

/** Where a file ends the process by itself; none gives an empty list. */
export function exitsIn(file: SourceFile): readonly string[] {
  return matches(file, [
    [/\bprocess\s*\.\s*(?:exit|abort|reallyExit)\b/g, "ends the process: throw, src/cli.ts decides"],
  ]);
}

function matches(file: SourceFile, patterns: readonly Pattern[]): readonly string[] {
  return patterns.flatMap(([pattern, why]) =>
    [...file.code.matchAll(pattern)].map(
      ({ index, 0: text }) => `${file.path}:${lineAt(file.code, index)} \`${text.trim()}\` ${why}`,
    ),
  );
}
