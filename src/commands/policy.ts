/** `policy lint FILE` and `policy schema`: is this policy right, and what may it contain? */
import { existsSync } from "node:fs";
import { policyJsonSchema } from "../policy/json-schema.ts";
import type { Finding } from "../policy/model.ts";
import { readPolicyFile } from "../policy-file.ts";
import { colours, complain, EXIT, say, sayJson } from "./terminal.ts";

/** Every finding of a policy file; exit 1 when one of them is an error. */
export function lintCommand(path: string, options: { readonly json?: boolean }): number {
  if (!existsSync(path)) {
    complain(
      `There is no file ${path}.\nfix: Give the path of a policy file, for example policy.example.yaml.`,
    );
    return EXIT.usage;
  }
  const { findings } = readPolicyFile(path);
  const errors = findings.filter((f) => f.severity === "error");
  if (options.json === true) sayJson({ findings });
  else for (const line of lines(path, findings)) say(line);
  return errors.length > 0 ? EXIT.problems : EXIT.fine;
}

function lines(path: string, findings: readonly Finding[]): readonly string[] {
  const shown = findings.flatMap((f) => [
    `${f.severity === "error" ? colours.red("error  ") : colours.yellow("warning")} ${colours.bold(f.code)}  ${f.path}`,
    `        ${f.message}`,
    `        fix: ${f.fix}`,
  ]);
  const errors = findings.filter((f) => f.severity === "error").length;
  return [
    ...shown,
    `${path}: ${errors} error${errors === 1 ? "" : "s"}, ${findings.length - errors} warning${findings.length - errors === 1 ? "" : "s"}`,
  ];
}

/** The JSON schema of the policy file, for editors. */
export function schemaCommand(): number {
  sayJson(policyJsonSchema());
  return EXIT.fine;
}
