import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import { appFiles, appZip } from "../../src/console/app-package.ts";
import { organizationFields } from "../../src/provision/desired-fields.ts";
import { policy } from "../builders.ts";
import { findingsIn, type Package } from "./rules.ts";

const files: Package = new Map(appFiles().map(({ name, bytes }) => [name, bytes]));
const json = (name: string) => JSON.parse(Buffer.from(files.get(name) ?? []).toString("utf8"));
const changed = (name: string, change: (value: ReturnType<typeof json>) => unknown): Package =>
  new Map([...files, [name, Buffer.from(JSON.stringify(change(json(name))))]]);

describe("the Zendesk app", () => {
  test("is one that Zendesk's validator takes", () => {
    expect(findingsIn(files)).toEqual([]);
  });

  test("stands beside tickets, new ones too, beside organizations and in the navigation bar, on the service's own host", () => {
    const { location, signedUrls, domainWhitelist } = json("manifest.json");
    expect(
      Object.entries(location.support).map(([place, one]) => [place, (one as { url: string }).url]),
    ).toEqual([
      ["ticket_sidebar", "https://{{setting.service_host}}/zaf/ticket"],
      ["new_ticket_sidebar", "https://{{setting.service_host}}/zaf/ticket"],
      ["organization_sidebar", "https://{{setting.service_host}}/zaf/organization"],
      ["nav_bar", "https://{{setting.service_host}}/zaf/console"],
    ]);
    expect([signedUrls, domainWhitelist]).toEqual([true, undefined]);
  });

  test("creates only fields whose content no policy decides, exactly as `apply` wants them", () => {
    const wanted = organizationFields(policy()).filter(({ key }) => key !== "ps_tier" && key !== "ps_arr");
    const requirements = json("requirements.json");
    expect(Object.keys(requirements)).toEqual(["organization_fields"]);
    expect(Object.values(requirements.organization_fields)).toEqual(
      wanted.map(({ fields: { key, title, type, description } }) => ({ key, title, type, description })),
    );
  });

  test("says the same in every language, key by key", () => {
    const keysOf = (value: unknown, path = ""): readonly string[] =>
      typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([key, one]) => keysOf(one, `${path}.${key}`))
        : [path];
    const english = keysOf(json("translations/en.json"));
    for (const name of [...files.keys()].filter((one) => one.startsWith("translations/")))
      expect([name, keysOf(json(name))]).toEqual([name, english]);
  });

  test("speaks six languages, each in its own words", () => {
    const locales = [...files.keys()].flatMap((name) => /^translations\/(.+)\.json$/.exec(name)?.[1] ?? []);
    expect(locales.toSorted()).toEqual(["de", "en", "es", "fr", "ja", "pt-br"]);
    const texts = locales.map((locale) => json(`translations/${locale}.json`).app.long_description);
    expect(new Set(texts).size).toBe(6);
  });
});

describe("the checks find what Zendesk would refuse", () => {
  const manifest = (change: object) => changed("manifest.json", (value) => ({ ...value, ...change }));
  const parameter = (one: object) =>
    manifest({ parameters: [...json("manifest.json").parameters, { name: "extra", type: "text", ...one }] });
  const place = (name: string, one: object) => manifest({ location: { support: { [name]: one } } });
  test.each([
    ["an unknown key", manifest({ noTemplate: true }), /no key noTemplate/],
    ["an app that is private by a word", manifest({ private: "yes" }), /private is no yes or no/],
    [
      "an author's page that is none",
      manifest({ author: { name: "x", email: "x@y.example", url: "y" } }),
      /author\.url/,
    ],
    ["hosts that are no texts", manifest({ domainWhitelist: [1] }), /domainWhitelist/],
    ["sign-in without its parameter", manifest({ oauth: {} }), /oauth needs/],
    [
      "a width that is a word",
      place("modal", { url: "https://x.example", flexible: "yes" }),
      /flexible is no/,
    ],
    ["a requirement by a word", parameter({ required: "yes" }), /extra\.required is no yes or no/],
    [
      "an unknown locale",
      new Map([
        ...files,
        ["translations/english.json", files.get("translations/en.json") ?? new Uint8Array()],
      ]),
      /english is no locale/,
    ],
    [
      "a file that belongs elsewhere",
      new Map([...files, ["notes.md", Buffer.from("x")]]),
      /notes\.md belongs into no package/,
    ],
    [
      "a document",
      new Map([...files, ["assets/terms.pdf", Buffer.from("%PDF-1.7")]]),
      /terms\.pdf is of a kind/,
    ],
    [
      "a packed file under a picture's name",
      new Map([...files, ["assets/banner.png", Buffer.from("504b0304", "hex")]]),
      /banner\.png is of a kind/,
    ],
    [
      "what looks like a secret",
      changed("translations/fr.json", ({ app }) => ({ app: { ...app, name: "xoxb-1234" } })),
      /looks as if it held a secret/,
    ],
    ["an author without address", manifest({ author: { name: "x", url: "y" } }), /author\.email/],
    ["another framework", manifest({ frameworkVersion: "1.0" }), /frameworkVersion/],
    ["unsigned addresses", manifest({ signedUrls: false }), /signedUrls/],
    ["a locale without a file", manifest({ defaultLocale: "it" }), /translations\/it\.json is missing/],
    ["an unknown place", place("side_bar", { url: "https://x.example" }), /no location side_bar/],
    ["an unknown option", place("modal", { url: "https://x.example", width: 3 }), /no option width/],
    ["an address without encryption", place("modal", { url: "http://x.example" }), /no https address/],
    ["a file that is not there", place("modal", { url: "assets/none.html" }), /not in the package/],
    ["a setting nobody declared", place("modal", { url: "https://{{setting.other}}/x" }), /setting\.other/],
    ["a parameter called name", parameter({ name: "name" }), /cannot be a name/],
    ["an unknown type", parameter({ type: "date" }), /no type date/],
    ["hidden and required", parameter({ type: "hidden", required: true }), /hidden and required/],
    ["a secret in the open", parameter({ name: "api_token" }), /must be secure/],
    ["a secret without scopes", parameter({ secure: true }), /no scopes/],
    ["a scope that does not exist", parameter({ secure: true, scopes: ["cookie"] }), /no scope cookie/],
    ["scopes of what is no secret", parameter({ scopes: ["header"] }), /not secure/],
    [
      "SLA policies on install",
      changed("requirements.json", () => ({ sla_policies: {} })),
      /cannot be created/,
    ],
    [
      "a field without key",
      changed("requirements.json", () => ({ organization_fields: { a: { title: "A", type: "text" } } })),
      /has no key/,
    ],
    [
      "a missing word",
      changed("translations/de.json", ({ app }) => ({ app: { ...app, name: "" } })),
      /app\.name/,
    ],
    [
      "a missing icon",
      new Map([...files].filter(([name]) => !name.includes("icon_nav_bar"))),
      /icon_nav_bar\.svg is missing/,
    ],
    [
      "a picture of another size",
      new Map([...files, ["assets/logo.png", files.get("assets/logo-small.png") ?? new Uint8Array()]]),
      /128 × 128/,
    ],
    [
      "a script in a drawing",
      new Map([...files, ["assets/logo.svg", Buffer.from('<svg viewBox="0 0 1 1"><script/></svg>')]]),
      /<script/,
    ],
  ] as const)("%s", (_what, broken, finding) => {
    expect(findingsIn(broken).join("\n")).toMatch(finding);
  });
});

/** Names and contents by the zip's own directory at its end. */
function unzipped(zip: Buffer): Package {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  const found = new Map<string, Uint8Array>();
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [size, label, extra, note] = [
      zip.readUInt32LE(at + 20),
      ...[28, 30, 32].map((o) => zip.readUInt16LE(at + o)),
    ];
    const local = zip.readUInt32LE(at + 42);
    const begin = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const name = zip.toString("utf8", at + 46, at + 46 + (label ?? 0));
    found.set(name, inflateRawSync(zip.subarray(begin, begin + (size ?? 0))));
    at += 46 + (label ?? 0) + (extra ?? 0) + (note ?? 0);
  }
  return found;
}

describe("npm run package:app", () => {
  test("writes a zip with exactly the app's files, and lists them", () => {
    const folder = mkdtempSync(join(tmpdir(), "app-"));
    const path = join(folder, "app.zip");
    const { status, stdout } = spawnSync(process.execPath, ["src/cli.ts", "console", "app", path, "--json"], {
      encoding: "utf8",
    });
    const zip = unzipped(readFileSync(path));
    rmSync(folder, { recursive: true });
    expect(status).toBe(0);
    const listed = JSON.parse(stdout).files.map((one: { name: string }) => one.name);
    expect([[...zip.keys()], listed]).toEqual([[...files.keys()], [...files.keys()]]);
    for (const [name, bytes] of files)
      expect([name, Buffer.from(zip.get(name) ?? []).equals(bytes)]).toEqual([name, true]);
    expect(findingsIn(zip)).toEqual([]);
  });

  test("makes the same bytes of the same files", () => {
    expect(appZip(appFiles()).equals(appZip(appFiles()))).toBe(true);
  });
});
