import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { readPolicyText } from "../src/policy-file.ts";
import { readmeAsItShouldBe } from "./readme-tables.ts";

const readme = readFileSync("README.md", "utf8");

function blocks(language: string, text = readme): readonly string[] {
  return [...text.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, "g"))].map((m) =>
    (m[1] ?? "").trim(),
  );
}

function cli(
  args: readonly string[],
  input = "",
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  return spawnSync(process.execPath, ["src/cli.ts", ...args], { input, encoding: "utf8" });
}

describe("the README", () => {
  test("has tables of settings and verbs as the code has them (else: node test/readme-tables.ts --write)", () => {
    expect(readme).toBe(readmeAsItShouldBe(readme));
  });

  test("names only files that exist", () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map((m) => m[1] ?? "");
    expect(links.filter((link) => !existsSync(link))).toEqual([]);
  });

  test("names npm scripts that exist", () => {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as {
      scripts: Record<string, string>;
    };
    const named = [...readme.matchAll(/npm run (?:-s )?([a-z:-]+)/g)].map((m) => m[1] ?? "");
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  test("shows a policy that loads without an error", () => {
    const [policy = ""] = blocks("yaml");
    const { findings } = readPolicyText(policy);
    expect(findings.filter((f) => f.severity === "error")).toEqual([]);
  });

  test("shows a trigger body that is JSON once its placeholders are filled", () => {
    const [body = ""] = blocks("json", readFileSync("docs/connect-zendesk.md", "utf8"));
    expect(JSON.parse(body.replaceAll(/\{\{[^}]*\}\}/g, "1"))).toMatchObject({
      schema: "priority-support/1",
      ticket_id: "1",
    });
  });

  test("shows a case that decide answers", () => {
    const example = blocks("sh").find((block) => block.startsWith("echo '{"));
    const input = /echo '(.*?)' \\/s.exec(example ?? "")?.[1] ?? "";
    const answer = cli(["decide", "--policy", "policy.example.yaml"], input);
    expect([answer.stderr, answer.status]).toEqual(["", 0]);
    expect(JSON.parse(answer.stdout)).toMatchObject({
      id: "1",
      tier: "enterprise",
      priority: "high",
      group: "Enterprise Support",
    });
  });

  test("lints the example policy as it says", () => {
    const answer = cli(["policy", "lint", "policy.example.yaml"]);
    expect([answer.status, answer.stdout.includes("0 errors, 2 warnings")]).toEqual([0, true]);
  });
});

describe("the command line", () => {
  test("tells the version of nothing it does not know: an unknown verb is wrong usage with a fix", () => {
    const answer = cli(["frobnicate"]);
    expect(answer.status).toBe(2);
    expect(answer.stderr).toContain("fix:");
  });

  test.each(["serve", "demo", "sync", "decide", "explain"])("%s has help with an example", (verb) => {
    const answer = cli([verb, "--help"]);
    expect([answer.status, answer.stdout.includes("Example:")]).toEqual([0, true]);
  });

  test("missing settings are told all at once, each with a fix, and exit 2", () => {
    const folder = mkdtempSync(join(tmpdir(), "empty-"));
    const answer = spawnSync(process.execPath, [join(process.cwd(), "src/cli.ts"), "serve"], {
      cwd: folder,
      encoding: "utf8",
      env: { PATH: process.env.PATH },
    });
    rmSync(folder, { recursive: true });
    expect(answer.status).toBe(2);
    for (const name of ["ZENDESK_URL", "ZENDESK_API_TOKEN", "ZENDESK_WEBHOOK_SECRET"])
      expect(answer.stderr).toContain(name);
    expect(answer.stderr.match(/^fix:/gm)?.length).toBeGreaterThanOrEqual(3);
  });

  test("five mistakes in a policy are five findings in one answer, exit 1", () => {
    const folder = mkdtempSync(join(tmpdir(), "policy-"));
    const path = join(folder, "policy.yaml");
    writeFileSync(
      path,
      'policy_version: "1"\ntimezone: Mars/Olympus\ndefault_tier: gold\nplan_map: {pro: platinum}\ntiers:\n  - id: standard\n    rank: 10\n    piority: {}\n  - id: pro\n    rank: 10\n',
    );
    const answer = cli(["policy", "lint", path, "--json"]);
    rmSync(folder, { recursive: true });
    const { findings } = JSON.parse(answer.stdout) as { findings: { severity: string; fix: string }[] };
    expect(answer.status).toBe(1);
    expect(findings.filter((f) => f.severity === "error").length).toBeGreaterThanOrEqual(5);
    expect(findings.every((f) => f.fix.length > 10)).toBe(true);
  });

  test("a text with U+2028 in it is one case, not two lines", () => {
    const example = blocks("sh").find((block) => block.startsWith("echo '{"));
    const input = /echo '(.*?)' \\/s.exec(example ?? "")?.[1] ?? "";
    const answer = cli(
      ["decide", "--policy", "policy.example.yaml"],
      input.replace("Export fails", "Export\u2028fails"),
    );
    expect([answer.status, JSON.parse(answer.stdout).id]).toEqual([0, "1"]);
  });

  test("a line that is no case is named, the others are decided, exit 1", () => {
    const answer = cli(["decide", "--policy", "policy.example.yaml"], "{\n");
    expect(answer.status).toBe(1);
    expect(answer.stderr).toMatch(/^line 1: .*\nfix: /);
  });
});

describe("the demo", () => {
  test("ends by itself with one JSON document: every ticket settled, every promised SLA verified, labels written", () => {
    const stdout = execFileSync(process.execPath, ["src/cli.ts", "demo", "--once", "--json"], {
      encoding: "utf8",
      maxBuffer: 1e8,
    });
    const { synced, tickets } = JSON.parse(stdout) as {
      synced: { failed: number; labels: number };
      tickets: { tier: string | null; slaVerified: boolean | null; reasons: string[] }[];
    };
    expect(synced.failed).toBe(0);
    expect(synced.labels).toBeGreaterThan(100);
    expect(tickets.length).toBeGreaterThanOrEqual(16);
    expect(tickets.filter((t) => t.tier !== null && t.slaVerified !== true)).toEqual([]);
    expect(tickets.every((t) => t.reasons.length > 0)).toBe(true);
  }, 90_000);
});
