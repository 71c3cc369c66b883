/** What is installed where the product runs: no code of others while installing, and a bill of materials that names it all. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const read = (path: string): string => readFileSync(`${ROOT}${path}`, "utf8");

interface Locked {
  readonly version?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly hasInstallScript?: boolean;
  readonly integrity?: string;
}

const { packages } = JSON.parse(read("package-lock.json")) as {
  readonly packages: Readonly<Record<string, Locked>>;
};
const runtime = Object.entries(packages).filter(
  ([path, one]) => path !== "" && one.dev !== true && one.devOptional !== true,
);

describe("the packages the product runs with", () => {
  test("run no script while they are installed", () => {
    expect(runtime.filter(([, one]) => one.hasInstallScript === true).map(([path]) => path)).toEqual([]);
  });

  test("are pinned to the exact bytes", () => {
    expect(runtime.filter(([, one]) => !one.integrity?.startsWith("sha512-")).map(([path]) => path)).toEqual(
      [],
    );
  });

  test("are named in full, with their licences, by the bill of materials", () => {
    const { scripts } = JSON.parse(read("package.json")) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    const [command = "", ...args] = (scripts.sbom ?? "").split(" ");
    const bill = JSON.parse(
      execFileSync(command, args, { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
    ) as {
      readonly bomFormat: string;
      readonly components: readonly {
        readonly name: string;
        readonly version: string;
        readonly licenses?: unknown;
      }[];
    };
    const named = new Set(bill.components.map(({ name, version }) => `${name}@${version}`));
    const wanted = runtime.map(
      ([path, { version }]) => `${path.replace(/^.*node_modules\//, "")}@${version}`,
    );
    expect(bill.bomFormat).toBe("CycloneDX");
    expect(wanted.filter((one) => !named.has(one))).toEqual([]);
    // jstat says MIT in a list, as packages did long ago; npm reads the single field only.
    const silent = bill.components.filter(({ licenses }) => licenses === undefined).map(({ name }) => name);
    expect(silent).toEqual(["jstat"]);
  });

  test.each([
    ["the image is built", "Dockerfile", /npm ci --ignore-scripts/],
    ["the package is proven", "test/package/prove-package.sh", /npm i --ignore-scripts/],
  ])("are installed without scripts where %s", (_where, file, command) => {
    expect(read(file)).toMatch(command);
  });
});
