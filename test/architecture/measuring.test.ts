/** The rules of the house are only as good as what measures them. */
import { describe, expect, test } from "@jest/globals";
import { withoutText } from "./blank.ts";
import { functionsOf, percentile } from "./functions.ts";
import { cyclesOf, importsOf, packageOf, target } from "./imports.ts";
import type { SourceFile } from "./project.ts";
import { exitsIn, impuritiesOf, moduleStateIn, shapesIn, untypedIn } from "./purity.ts";
import { packageRefusal, refusal } from "./zones.ts";

const file = (text: string, path = "src/policy/sample.ts"): SourceFile => ({
  path,
  text,
  code: withoutText(text),
  imports: importsOf(text),
});

/** A dollar sign before a brace in plain text looks like a mistake to linters, so samples write § for it. */
const dollars = (sample: string): string => sample.replaceAll("§", "$");

describe("text is told from code", () => {
  test.each([
    ["a line comment", "a // { any", "a         "],
    ["a block comment over two lines", "a /* {\n } */ b", "a     \n      b"],
    ["a string", 'x("a{b");', 'x("   ");'],
    ["an escaped quote", "x('a\\'b')", "x('    ')"],
    ["a template with code inside", "`a{§{x({ y })}b}`;", "     x({ y })    ;"],
    ["a template inside a template", "`a§{`b§{c}d`}e`;", "        c      ;"],
    ["a regular expression", 'x = /[/"]{2}/.test(y)', "x =          .test(y)"],
    ["a division", "x = a / b; y = c / d;", "x = a / b; y = c / d;"],
    ["an apostrophe in markup", "<p>don't</p>\n{x}", "<p>don'     \n{x}"],
  ])("%s", (_name, source, code) => {
    expect(withoutText(dollars(source))).toBe(code);
  });

  test("the text keeps its length and its lines", () => {
    const source = dollars('const a = `x\n§{b}`; // "\n/* y\n */ const c = "z";\n');
    expect(withoutText(source)).toHaveLength(source.length);
    expect(withoutText(source).split("\n")).toHaveLength(source.split("\n").length);
  });
});

describe("every way to name another module is seen", () => {
  test.each([
    ['import { a } from "./a.ts";', "./a.ts"],
    ['import type { A } from "./a.ts";', "./a.ts"],
    ['import {\n  a,\n  type B,\n} from "./a.ts";', "./a.ts"],
    ['import * as a from "../a.ts";', "../a.ts"],
    ['import "./a.ts";', "./a.ts"],
    ['export * from "./a.ts";', "./a.ts"],
    ['export type { A } from "./a.ts";', "./a.ts"],
    ['const a = await import("./a.ts");', "./a.ts"],
    ['type A = import("./a.ts").A;', "./a.ts"],
    ['new Worker(new URL("./a.ts", import.meta.url));', "./a.ts"],
    ["import a from 'zod';", "zod"],
  ])("%s", (source, specifier) => {
    expect(importsOf(source).map((one) => one.specifier)).toEqual([specifier]);
  });

  test.each([
    '// import "./a.ts"',
    "const x = \"import './a.ts'\";",
    'new URL("./a", base)',
    'Array.from("abc")',
  ])("%s names none", (source) => {
    expect(importsOf(source)).toEqual([]);
  });

  test("lines, targets and packages are right", () => {
    expect(importsOf('\n\nimport "./a.ts";\nimport "./b.ts";').map(({ line }) => line)).toEqual([3, 4]);
    expect(target("src/store/sqlite.ts", "../ports.ts")).toBe("src/ports.ts");
    expect(target("src/cli.ts", "zod")).toBeNull();
    expect(["zod/v4", "@hubspot/api-client/lib/x", "node:fs", "./a.ts"].map(packageOf)).toEqual([
      "zod",
      "@hubspot/api-client",
      "node:fs",
      null,
    ]);
  });

  test("a cycle is found with its path, and none where there is none", () => {
    const edges = (pairs: Record<string, readonly string[]>): ReadonlyMap<string, readonly string[]> =>
      new Map(Object.entries(pairs));
    expect(cyclesOf(edges({ a: ["b"], b: ["c"], c: ["b"], d: ["a"] }))).toEqual([["b", "c", "b"]]);
    expect(cyclesOf(edges({ a: ["b", "c"], b: ["c"], c: [] }))).toEqual([]);
  });
});

describe("functions are measured from signature to closing brace", () => {
  const body = "\n  one();\n  two();\n}";
  test.each([
    ["a function", `function a(x: number): string {${body}`, "a", 4],
    ["a generic function", `export async function a<T extends { b: 1 }>(x: T): Promise<T> {${body}`, "a", 4],
    ["a function with an object as return type", `function a(): { readonly b: { c: 1 } } {${body}`, "a", 4],
    ["a type guard", `function a(x: unknown): x is string | null {${body}`, "a", 4],
    [
      "a function with parameters on lines of their own",
      `function a(\n  x: number,\n): void {${body}`,
      "a",
      6,
    ],
    [
      "a function with a destructured parameter",
      `function a({ b }: { b: number } = { b: 1 }) {${body}`,
      "a",
      4,
    ],
    ["an arrow function", `const a = async (x: number): Promise<void> => {${body};`, "a", 4],
    ["a typed arrow function", `const a: Answer = (x) => {${body};`, "a", 4],
    ["an arrow function that returns a union", `const a = (): "b" | "c" | undefined => {${body};`, "a", 4],
    ["a long arrow expression", "const a = (x) =>\n  f(x, {\n    y,\n  });", "a", 4],
    ["a method of an object", `const o = {\n async a(x) {${body},\n};`, "a", 4],
    ["a property that is a function", `const o = {\n a: (x) => {${body},\n};`, "a", 4],
    ["a returned function", `return (x) => {${body};`, "(anonymous)", 4],
    ["a callback", `list.forEach((x) => {${body});`, "(anonymous)", 4],
    ["a brace in a string", 'function a() {\n  f("}");\n}', "a", 3],
  ])("%s", (_name, source, name, lines) => {
    expect(functionsOf(source).map((one) => [one.name, one.lines])).toEqual([[name, lines]]);
  });

  test.each([
    "if (a) {\n b();\n}",
    "for (const a of b(c)) {\n d();\n}",
    "for await (const a of b) {\n d();\n}",
    "switch (a) {\n case f(b): {\n c();\n }\n}",
    "interface A {\n b(\n c: string,\n ): void;\n}",
    "const a = (x) => x.b;",
    "const a = b ? f(c) : { d };",
    "type A = (b: string) => void;",
  ])("no function: %j", (source) => {
    expect(functionsOf(source)).toEqual([]);
  });

  test("a function inside another is measured too", () => {
    const source = "function a() {\n  const b = () => {\n    c();\n  };\n  return b;\n}";
    expect(functionsOf(source)).toEqual([
      { name: "a", line: 1, lines: 6 },
      { name: "b", line: 2, lines: 3 },
    ]);
  });

  test("percentiles are by nearest rank", () => {
    expect(percentile([5, 1, 3], 0.5)).toBe(3);
    expect(percentile([1, 2, 3, 4], 0.5)).toBe(2);
    expect(percentile([], 0.5)).toBe(0);
  });
});

describe("impure code is seen in the policy", () => {
  test.each([
    "Date.now()",
    "new Date()",
    "new Date",
    "Date()",
    "DateTime.now()",
    "DateTime.utc()",
    "Math.random()",
    "process.env",
    "fetch(url)",
    "performance.now()",
    "setTimeout(f, 1)",
    "console.log(x)",
    "Settings.defaultZone",
    "globalThis.x",
    "import(x)",
  ])("%s", (expression) => {
    expect(impuritiesOf(file(`const x = ${expression};`))).toHaveLength(
      expression === "DateTime.now()" ? 2 : 1,
    );
  });

  test.each([
    "new Date(at)",
    "DateTime.fromMillis(at)",
    "DateTime.utc(2026, 1)",
    "order.process(x)",
    "prefetch(x)",
    "toDate(x)",
  ])("%s is pure", (expression) => {
    expect(impuritiesOf(file(`const x = ${expression}; // Date.now() and process.env`))).toEqual([]);
  });
});

describe("the style rules see what they forbid and nothing else", () => {
  const anyWord = ["an", "y"].join("");
  test.each([
    `x: ${anyWord};`,
    `x as ${anyWord})`,
    `Array<${anyWord}>`,
    `x: ${anyWord}[]`,
    `Record<string, ${anyWord}>`,
    `z.${anyWord}()`,
  ])("%s gives up its type", (source) => {
    expect(untypedIn(file(source))).toHaveLength(1);
  });

  test.each(["AbortSignal.any([a, b])", "// any word", 'x("any")', "company: string", "{ any: 1 }"])(
    "%s does not",
    (source) => {
      expect(untypedIn(file(source))).toEqual([]);
    },
  );

  test("classes, default exports, module state and exits", () => {
    expect(
      shapesIn(file("export class A {}\nexport class B extends Error {}\nexport default x;")),
    ).toHaveLength(2);
    expect(
      moduleStateIn(file("let a = 1;\nexport const b = new Map<string, number>();\nconst c: string[] = [];")),
    ).toHaveLength(3);
    expect(
      moduleStateIn(file("const a = new Map([[1, 2]]);\nfunction f() {\n  let b = 1;\n  const c = [];\n}")),
    ).toEqual([]);
    expect(exitsIn(file("process.exit(1);\nprocess.exitCode = 1;"))).toHaveLength(1);
  });
});

describe("who may know whom", () => {
  test.each([
    ["src/policy/decide.ts", "src/policy/model.ts"],
    ["src/ports.ts", "src/policy/model.ts"],
    ["src/webhooks.ts", "src/ports.ts"],
    ["src/provision/plan.ts", "src/policy/policy.ts"],
    ["src/report/health.ts", "src/log.ts"],
    ["connectors/hubspot/crm.ts", "connectors/http.ts"],
    ["connectors/hubspot/crm.ts", "src/policy/model.ts"],
    ["connectors/index.ts", "connectors/zendesk/index.ts"],
    ["src/store/sqlite.ts", "src/ports.ts"],
    ["src/sandbox/zendesk.ts", "src/policy/model.ts"],
    ["src/main.ts", "connectors/index.ts"],
    ["src/cli.ts", "src/sandbox/zendesk.ts"],
    ["src/demo.ts", "src/sandbox/zendesk.ts"],
    ["src/commands/demo.ts", "src/sandbox/zendesk.ts"],
    ["src/commands/sync.ts", "src/store/open.ts"],
    ["src/cli.ts", "src/commands/sync.ts"],
    ["src/commands/serve.ts", "src/main.ts"],
    ["src/assemble.ts", "connectors/index.ts"],
    ["src/main-readiness.ts", "src/store/open.ts"],
  ])("%s may import %s", (from, to) => {
    expect(refusal(from, to)).toBeNull();
  });

  test.each([
    ["src/policy/decide.ts", "src/errors.ts", "policy is pure"],
    ["src/errors.ts", "src/ports.ts", "errors import nothing"],
    ["src/ports.ts", "src/config.ts", "ports know only"],
    ["src/webhooks.ts", "connectors/zendesk/webhook.ts", "src/main.ts"],
    ["src/account-sync.ts", "src/store/sqlite.ts", "src/main.ts"],
    ["connectors/hubspot/crm.ts", "connectors/zendesk/desk.ts", "a connector knows only"],
    ["connectors/hubspot/crm.ts", "src/policy/tier.ts", "a connector knows only"],
    ["connectors/hubspot/crm.ts", "src/store/sqlite.ts", "a connector knows only"],
    ["src/store/sqlite.ts", "src/policy/tier.ts", "the store knows only"],
    ["src/sandbox/zendesk.ts", "src/policy/sla.ts", "stands on its own"],
    ["src/report/health.ts", "src/sandbox/zendesk.ts", "tests know the sandbox"],
    ["src/commands/sync.ts", "src/sandbox/zendesk.ts", "tests know the sandbox"],
    ["src/webhooks.ts", "src/main.ts", "only the command line"],
    ["src/assemble.ts", "src/sandbox/zendesk.ts", "tests know the sandbox"],
    ["src/sweep.ts", "src/commands/sync.ts", "command line"],
    ["src/sweep.ts", "test/builders.ts", "never imports tests"],
  ])("%s may not import %s", (from, to, why) => {
    expect(refusal(from, to)).toContain(why);
  });

  test("packages stay where they belong", () => {
    const dependencies = new Set(["zod", "pg", "express", "@hubspot/api-client"]);
    const why = (from: string, name: string): string | null => packageRefusal(from, name, dependencies);
    expect(why("src/policy/policy.ts", "zod")).toBeNull();
    expect(why("src/policy/policy.ts", "node:fs")).toContain("only zod, luxon and big.js");
    expect(why("src/store/postgres.ts", "pg")).toBeNull();
    expect(why("src/sweep.ts", "pg")).toContain("known only to");
    expect(why("src/webhooks.ts", "express")).toBeNull();
    expect(why("src/webhooks.ts", "jest")).toContain("devDependency");
    expect(why("src/ports.ts", "zod")).toContain("import no package");
  });
});
