/** The example policy as plain data, and the two ways in which the tests change it. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { lintPolicy } from "../../src/policy/lint.ts";
import type { Finding, Policy } from "../../src/policy/model.ts";
import { parsePolicy } from "../../src/policy/policy.ts";

const EXAMPLE = new URL("../../policy.example.yaml", import.meta.url);

/** A fresh copy of policy.example.yaml as plain data. */
export function exampleData(): unknown {
  return parse(readFileSync(EXAMPLE, "utf8"), { version: "1.2", schema: "core" });
}

/** One operation of RFC 6902, as far as policies need them. */
export interface Operation {
  readonly op: string;
  readonly path: string;
  readonly value?: unknown;
  readonly from?: string;
}

const stepsOf = (pointer: string): readonly string[] =>
  pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));

function at(root: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>((value, step) => {
    if (value === null || typeof value !== "object" || !Object.hasOwn(value, step)) {
      throw new Error(`nothing stands at ${steps.join("/")}`);
    }
    return Reflect.get(value, step);
  }, root);
}

function put(root: unknown, pointer: string, value: unknown, insert: "insert" | "replace"): void {
  const steps = stepsOf(pointer);
  const parent = at(root, steps.slice(0, -1));
  const last = steps.at(-1) ?? "";
  if (Array.isArray(parent)) {
    const index = last === "-" ? parent.length : Number(last);
    parent.splice(index, insert === "insert" ? 0 : 1, value);
  } else if (parent !== null && typeof parent === "object") Reflect.set(parent, last, value);
}

function take(root: unknown, pointer: string): unknown {
  const steps = stepsOf(pointer);
  const taken = at(root, steps);
  const parent = at(root, steps.slice(0, -1));
  const last = steps.at(-1) ?? "";
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else if (parent !== null && typeof parent === "object") Reflect.deleteProperty(parent, last);
  return taken;
}

/** A copy of `root` after the operations. @throws where an operation does not fit. */
export function patched(root: unknown, operations: readonly Operation[]): unknown {
  const copy: unknown = structuredClone(root);
  for (const { op, path, value, from } of operations) {
    if (op === "add") put(copy, path, value, "insert");
    else if (op === "replace") {
      at(copy, stepsOf(path));
      put(copy, path, value, "replace");
    } else if (op === "remove") take(copy, path);
    else if (op === "move") put(copy, path, take(copy, from ?? ""), "insert");
    else if (op === "copy") put(copy, path, structuredClone(at(copy, stepsOf(from ?? ""))), "insert");
    else throw new Error(`the operation ${op} is not known here`);
  }
  return copy;
}

/** Findings of the example after some operations. */
export function lintOf(...operations: readonly Operation[]): readonly Finding[] {
  return lintPolicy(patched(exampleData(), operations)).findings;
}

/** The policy of plain data that must be right. */
export function policyOf(data: unknown): Policy {
  const { policy, findings } = parsePolicy(data);
  if (policy === null) throw new Error(findings.map((one) => `${one.path}: ${one.message}`).join("\n"));
  return policy;
}
