/**
 * The house rules, checked on the files themselves. Every finding names the place and what to do about it.
 * How the rules measure is tested in test/architecture/measuring.test.ts.
 */
import { describe, expect, test } from "@jest/globals";
import { functionsOf, percentile } from "./architecture/functions.ts";
import { cyclesOf, packageOf, target } from "./architecture/imports.ts";
import {
  exists,
  filesIn,
  foldersIn,
  lineAt,
  type SourceFile,
  sourcesBelow,
  textOf,
  trackedFiles,
} from "./architecture/project.ts";
import { exitsIn, impuritiesOf, moduleStateIn, shapesIn, untypedIn } from "./architecture/purity.ts";
import { packageRefusal, refusal } from "./architecture/zones.ts";

const sources = sourcesBelow("src", "connectors");
const isUi = (file: SourceFile): boolean => file.path.startsWith("src/console/ui/");

describe("imports point one way", () => {
  test("no file knows a part of the house it should not know", () => {
    expect(
      sources.flatMap((file) =>
        ours(file).flatMap(({ to, line }) =>
          sentence(`${file.path}:${line} imports ${to}`, refusal(file.path, to)),
        ),
      ),
    ).toEqual([]);
  });

  test("no two files need each other", () => {
    const known = new Set(sources.map((file) => file.path));
    const graph = new Map(
      sources.map(
        (file) => [file.path, ours(file).flatMap(({ to }) => (known.has(to) ? [to] : []))] as const,
      ),
    );
    expect(
      cyclesOf(graph).map((cycle) => `${cycle.join(" → ")}: move what both need into a file of its own`),
    ).toEqual([]);
  });

  test("every package is a dependency, and the special ones stay in their folder", () => {
    const { dependencies } = JSON.parse(textOf("package.json")) as { dependencies: Record<string, string> };
    const allowed = new Set(Object.keys(dependencies));
    const used = sources
      .filter((file) => !isUi(file))
      .flatMap((file) =>
        file.imports.map(({ specifier, line }) => ({ file, line, name: packageOf(specifier) })),
      );
    expect(
      used.flatMap(({ file, line, name }) =>
        name === null
          ? []
          : sentence(`${file.path}:${line} imports ${name}`, packageRefusal(file.path, name, allowed)),
      ),
    ).toEqual([]);
  });
});

test("the policy's answers depend on nothing but what it is given", () => {
  expect(sources.filter((file) => file.path.startsWith("src/policy/")).flatMap(impuritiesOf)).toEqual([]);
});

describe("every file can be read in one sitting", () => {
  const lengths = sources.map((file) => ({ path: file.path, lines: file.text.trimEnd().split("\n").length }));

  test("no file is longer than 300 lines", () => {
    expect(
      lengths
        .filter(({ lines }) => lines > 300)
        .map(({ path, lines }) => `${path} has ${lines} lines: split it by what it answers`),
    ).toEqual([]);
  });

  test("half of the files have at most 120 lines", () => {
    expect(
      percentile(
        lengths.map(({ lines }) => lines),
        0.5,
      ),
    ).toBeLessThanOrEqual(120);
  });

  const measured = sources.flatMap((file) =>
    functionsOf(file.text).map((one) => ({ path: file.path, ...one })),
  );

  test("no function is longer than 60 lines", () => {
    expect(
      measured
        .filter(({ lines }) => lines > 60)
        .map(({ path, line, name, lines }) => `${path}:${line} ${name} has ${lines} lines: name its steps`),
    ).toEqual([]);
  });

  test("nineteen functions of twenty have at most 35 lines", () => {
    const long = measured
      .filter(({ lines }) => lines > 35)
      .map((f) => `${f.path}:${f.line} ${f.name} ${f.lines}`);
    const allowed = Math.floor(measured.length * 0.05);
    expect(
      long.length <= allowed ? [] : [`${long.length} over 35 lines, ${allowed} allowed`, ...long],
    ).toEqual([]);
  });
});

describe("the style of the house", () => {
  test("no value gives up its type", () => {
    expect(sources.flatMap(untypedIn)).toEqual([]);
  });

  test("there are no classes but errors, and no default exports", () => {
    expect(sources.filter((file) => !isUi(file)).flatMap(shapesIn)).toEqual([]);
  });

  test("a module holds no state of its own", () => {
    expect(sources.filter((file) => !isUi(file)).flatMap(moduleStateIn)).toEqual([]);
  });

  test("only the command line ends the process", () => {
    expect(sources.filter((file) => file.path !== "src/cli.ts").flatMap(exitsIn)).toEqual([]);
  });

  test("a file is named for what it answers", () => {
    const vague = /(?:^|[/.-])(?:utils?|helpers?|lib|managers?|common|misc)(?=[/.-])/;
    expect(
      sources
        .filter(({ path }) => vague.test(path.replace(/^(?:src|connectors)\//, "")))
        .map(({ path }) => `${path}: name it for the question it answers`),
    ).toEqual([]);
  });
});

describe("connectors look alike", () => {
  const folders = foldersIn("connectors");

  test("the list of connectors equals the folders", () => {
    const list = sources.find(({ path }) => path === "connectors/index.ts");
    const listed = new Set(
      (list?.imports ?? []).flatMap(({ specifier }) => /^\.\/([^/]+)\/index\.ts$/.exec(specifier)?.[1] ?? []),
    );
    expect([...listed].sort()).toEqual([...folders].sort());
  });

  test.each(folders)("connectors/%s has the files a reader expects", (name) => {
    const inside = sources.filter(({ path }) => path.startsWith(`connectors/${name}/`));
    const mentions = (pattern: RegExp): boolean => inside.some(({ code }) => pattern.test(code));
    const calls = inside.some((file) => ours(file).some(({ to }) => to === "connectors/http.ts"));
    const expected = [
      "index.ts",
      "README.md",
      ...(calls ? ["client.ts", "schemas.ts"] : []),
      ...(mentions(/\bWebhookReading\b/) ? ["webhook.ts"] : []),
    ];
    expect(
      expected
        .filter((file) => !exists(`connectors/${name}/${file}`))
        .map((file) => `connectors/${name}/${file} is missing`),
    ).toEqual([]);
  });
});

describe("what must not be forgotten in new code", () => {
  const product = sources.filter(({ path }) => !/^src\/(?:sandbox|console\/ui|demo)/.test(path));

  test("every call to the outside has the shared deadline, size cap and refusal of redirects", () => {
    const wayOut = new Set(["node:https", "undici"]);
    expect(
      product
        .filter(({ path }) => path !== "connectors/http.ts")
        .filter(
          ({ code, imports }) =>
            /(?<![\w.])fetch\s*\(|\bhttp\.request\s*\(/.test(code) ||
            imports.some(({ specifier }) => wayOut.has(specifier)),
        )
        .map(({ path }) => `${path} calls out by itself: use send() of connectors/http.ts`),
    ).toEqual([]);
  });

  test("every signature is compared in constant time", () => {
    expect(
      product
        .filter(({ code }) => /\bcreateHmac\b/.test(code) && !/\btimingSafeEqual\s*\(/.test(code))
        .map(({ path }) => `${path} makes a signature: compare with timingSafeEqual, never with ===`),
    ).toEqual([]);
  });

  test("every test and file that a document names is there", () => {
    const documents = ["SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md", ...filesIn("docs/decisions", ".md")];
    const named = documents.flatMap((document) =>
      [...textOf(document).matchAll(/`((?:src|connectors|test|docs)\/[\w./-]+)`/g)].flatMap(({ 1: path }) =>
        path === undefined || exists(path) ? [] : [`${document} names ${path}, which is not there`],
      ),
    );
    expect([...named, ...unknownTests(textOf("SECURITY.md"))]).toEqual([]);
  });
});

test("every kind of attack we test against has a claim in SECURITY.md, and every claim a test", () => {
  const rows = textOf("SECURITY.md")
    .split("\n")
    .filter((line) => /^\| [RUXK]\d/.test(line))
    .map((line) => line.split("|").map((cell) => cell.trim()));
  const kinds = new Set(rows.flatMap(([, cases = ""]) => cases.split(", ")));
  const attacks = [...Array.from({ length: 15 }, (_, number) => `X${number + 1}`), "K1", "R3"];
  expect(attacks.filter((one) => !kinds.has(one))).toEqual([]);
  expect(rows.filter(([, , , tested = ""]) => !/^`test\/[\w./-]+`: ".+"$/.test(tested))).toEqual([]);
});

describe("nothing leaves the house by accident", () => {
  const tracked = trackedFiles().filter((path) => !/\.(?:png|ico|gz|zip|woff2?)$/.test(path));

  test("no file names a path of the machine it was written on", () => {
    // Joined here so that this file does not contain what it looks for.
    const words = [
      ["", "work", ""],
      ["", "tmp", "bash_jobs"],
      ["", "farm", ""],
      ["..", "shared", ""],
    ].map((w) => w.join("/"));
    const mayNameItsNeighbour = new Set([".ci/run"]);
    expect(
      tracked
        .filter((path) => !path.endsWith("package-lock.json") && !mayNameItsNeighbour.has(path))
        .flatMap((path) => wordsIn(path, words).map((found) => `${found}: take it from a setting`)),
    ).toEqual([]);
  });

  test("no lock file records where a package was downloaded", () => {
    expect(
      tracked
        .filter((path) => path.endsWith("package-lock.json") && /"resolved": "https?:/.test(textOf(path)))
        .map((path) => `${path}: write it with omit-lockfile-registry-resolved=true`),
    ).toEqual([]);
  });

  test("no unfinished work is left in the product", () => {
    // Joined here for the same reason.
    const words = [
      ["TO", "DO"],
      ["FIX", "ME"],
      ["XX", "X"],
      ["not (yet )?", "implemented"],
      ["for", " now"],
    ];
    const unfinished = new RegExp(`\\b(?:${words.map((parts) => parts.join("")).join("|")})\\b`, "i");
    expect(
      tracked
        .filter((path) => /^(?:src|connectors|manifest|test)\//.test(path))
        .flatMap((path) => {
          const found = unfinished.exec(textOf(path));
          return found === null
            ? []
            : [
                `${path}:${lineAt(found.input, found.index)} says "${found[0]}": finish it, or say it in other words`,
              ];
        }),
    ).toEqual([]);
  });

  test("no test is switched off or proves nothing", () => {
    const weak = /\b(?:test|it|describe)\.(?:only|skip|to[d]o)\(|expect\(true\)|\.toBeDefined\(\)/g;
    const found = sourcesBelow("test").flatMap(({ path, code }) =>
      [...code.matchAll(weak)].map(({ index, 0: text }) => `${path}:${lineAt(code, index)} ${text}`),
    );
    expect(found).toEqual([]);
  });
});

function ours(file: SourceFile): readonly { readonly to: string; readonly line: number }[] {
  return file.imports.flatMap(({ specifier, line }) => {
    const to = target(file.path, specifier);
    return to === null ? [] : [{ to, line }];
  });
}

/** Rows of SECURITY.md say `file: "name of the test"`; a renamed test must not leave a claim without proof. */
function unknownTests(text: string): readonly string[] {
  return [...text.matchAll(/`(test\/[\w./-]+\.ts)`: "([^"]+)"/g)].flatMap(({ 1: path, 2: name }) => {
    if (path === undefined || name === undefined || !exists(path)) return [];
    return textOf(path).includes(name) ? [] : [`SECURITY.md: ${path} has no test "${name}"`];
  });
}

function sentence(what: string, why: string | null): readonly string[] {
  return why === null ? [] : [`${what}: ${why}`];
}

function wordsIn(path: string, words: readonly string[]): readonly string[] {
  const text = textOf(path);
  return words.flatMap((word) => {
    const at = text.indexOf(word);
    return at === -1 ? [] : [`${path}:${lineAt(text, at)} contains ${word}`];
  });
}
