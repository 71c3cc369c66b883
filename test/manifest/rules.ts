/**
 * What Zendesk's own validator says about an app's folder (zendesk_apps_support f3de3c7, read 2026-11-22), as far as an
 * app like ours can break it. One sentence a finding; an empty list is a package that Zendesk takes.
 */
import { fileFindings, kindFindings, type Package } from "./rules-files.ts";

export type { Package } from "./rules-files.ts";

type Json = Readonly<Record<string, unknown>>;

const KEYS = new Set(
  [
    "requirementsOnly marketingOnly version author name experiments frameworkVersion singleInstall signedUrls",
    "defaultLocale location private oauth parameters domainWhitelist remoteInstallationURL termsConditionsURL gaID",
  ]
    .join(" ")
    .split(" "),
);
const LOCATIONS = new Set(
  "top_bar nav_bar ticket_sidebar new_ticket_sidebar user_sidebar organization_sidebar background modal ticket_editor system_top_bar".split(
    " ",
  ),
);
const OPTIONS = new Set("url autoLoad autoHide flexible signed size objectTypes".split(" "));
const TYPES = new Set("text checkbox url number multiline hidden oauth".split(" "));
const SCOPES = new Set(
  "header body url jwt_secret_key jwt_claim basic_auth_username basic_auth_password".split(" "),
);
const REQUIREMENTS = new Set(
  "automations channel_integrations custom_objects macros targets views ticket_fields triggers user_fields organization_fields webhooks custom_objects_v2".split(
    " ",
  ),
);
const LISTING = ["name", "short_description", "long_description", "installation_instructions"];
const MOST_REQUIREMENTS = 5_000;
/** The two pictures and their edges, pixels. */
const PICTURES: Readonly<Record<string, number>> = { "assets/logo.png": 320, "assets/logo-small.png": 128 };

/** Everything that is wrong with a package. */
export function findingsIn(files: Package): readonly string[] {
  const manifest = jsonIn(files, "manifest.json");
  if (manifest === null) return ["manifest.json is missing or no JSON"];
  return [
    ...manifestFindings(manifest),
    ...locationFindings(manifest, files),
    ...parameterFindings(manifest),
    ...requirementFindings(jsonIn(files, "requirements.json"), files.has("requirements.json")),
    ...translationFindings(manifest, files),
    ...assetFindings(manifest, files),
    ...fileFindings(files),
    ...kindFindings(manifest, objectOf(manifest.author), listOf(manifest.parameters).map(objectOf)),
  ];
}

function manifestFindings(manifest: Json): readonly string[] {
  const author = objectOf(manifest.author);
  const missing = ["name", "email", "url"].filter(
    (key) => typeof author[key] !== "string" || author[key] === "",
  );
  return [
    ...Object.keys(manifest)
      .filter((key) => !KEYS.has(key))
      .map((key) => `manifest: there is no key ${key}`),
    ...missing.map((key) => `manifest: author.${key} is missing`),
    ...(manifest.frameworkVersion === "2.0" ? [] : ['manifest: frameworkVersion must be "2.0"']),
    ...(typeof manifest.defaultLocale === "string" ? [] : ["manifest: defaultLocale is missing"]),
    ...(manifest.signedUrls === true ? [] : ["manifest: without signedUrls nobody can be recognised"]),
    ...(/^\d+\.\d+\.\d+$/.test(String(manifest.version)) ? [] : ["manifest: version is no version"]),
  ];
}

function locationFindings(manifest: Json, files: Package): readonly string[] {
  const products = objectOf(manifest.location);
  const support = Object.entries(objectOf(products.support));
  const other = Object.keys(products).filter((name) => name !== "support");
  if (support.length === 0) return ["manifest: no location in support"];
  return [
    ...other.map((name) => `manifest: ${name} is no product of ours`),
    ...support.flatMap(([place, value]) => {
      const options = objectOf(value);
      return [
        ...(LOCATIONS.has(place) ? [] : [`manifest: there is no location ${place}`]),
        ...Object.keys(options)
          .filter((key) => !OPTIONS.has(key))
          .map((key) => `manifest: ${place} has no option ${key}`),
        ...(["flexible", "autoLoad", "autoHide", "signed"] as const)
          .filter((key) => options[key] !== undefined && typeof options[key] !== "boolean")
          .map((key) => `manifest: ${place}: ${key} is no yes or no`),
        ...urlFindings(place, String(options.url ?? ""), files),
      ];
    }),
  ];
}

function urlFindings(place: string, url: string, files: Package): readonly string[] {
  if (url.startsWith("assets/"))
    return files.has(url) ? [] : [`manifest: ${place}: ${url} is not in the package`];
  const plain = url.replaceAll(/\{\{setting\.\w+\}\}/g, "host.example");
  return URL.canParse(plain) && new URL(plain).protocol === "https:"
    ? []
    : [`manifest: ${place}: ${url} is no https address`];
}

function parameterFindings(manifest: Json): readonly string[] {
  const parameters = listOf(manifest.parameters).map(objectOf);
  const names = parameters.map((one) => String(one.name));
  const used = [...JSON.stringify(manifest.location).matchAll(/\{\{setting\.(\w+)\}\}/g)].map(
    (found) => found[1] ?? "",
  );
  return [
    ...names
      .filter((name, index) => names.indexOf(name) !== index)
      .map((name) => `parameters: ${name} twice`),
    ...used
      .filter((name) => !names.includes(name))
      .map((name) => `manifest: setting.${name} is no parameter`),
    ...parameters.flatMap((one) => oneParameter(one)),
  ];
}

function oneParameter(one: Json): readonly string[] {
  const name = String(one.name);
  const scopes = listOf(one.scopes).map(String);
  const secretive = /token|key|pwd|password|secret/i.test(name);
  return [
    ...(/^\w+$/.test(name) && name !== "name" ? [] : [`parameters: ${name} cannot be a name`]),
    ...(TYPES.has(String(one.type)) ? [] : [`parameters: ${name}: there is no type ${one.type}`]),
    ...(one.type === "hidden" && one.required === true ? [`parameters: ${name} is hidden and required`] : []),
    ...(secretive && one.secure !== true ? [`parameters: ${name} must be secure`] : []),
    ...(one.secure === true && scopes.length === 0
      ? [`parameters: ${name} is secure and has no scopes`]
      : []),
    ...(one.secure !== true && scopes.length > 0 ? [`parameters: ${name} has scopes and is not secure`] : []),
    ...scopes.filter((scope) => !SCOPES.has(scope)).map((scope) => `parameters: ${name}: no scope ${scope}`),
  ];
}

function requirementFindings(requirements: Json | null, present: boolean): readonly string[] {
  if (requirements === null) return present ? ["requirements.json is no JSON"] : [];
  const items = Object.entries(requirements).flatMap(([type, all]) =>
    Object.entries(objectOf(all)).map(([id, one]) => ({ type, id, one: objectOf(one) })),
  );
  return [
    ...Object.keys(requirements)
      .filter((type) => !REQUIREMENTS.has(type))
      .map((type) => `requirements: ${type} cannot be created`),
    ...(items.length > MOST_REQUIREMENTS ? ["requirements: too many"] : []),
    ...items.flatMap(({ type, id, one }) =>
      neededFor(type)
        .filter((key) => one[key] === undefined)
        .map((key) => `requirements: ${type} ${id} has no ${key}`),
    ),
  ];
}

function neededFor(type: string): readonly string[] {
  if (type === "webhooks") return ["name", "status", "endpoint", "http_method", "request_format"];
  return type.endsWith("_fields") && type !== "ticket_fields" ? ["key", "title", "type"] : ["title"];
}

function translationFindings(manifest: Json, files: Package): readonly string[] {
  const standard = `translations/${manifest.defaultLocale}.json`;
  const texts = [...files.keys()].filter((name) => name.startsWith("translations/"));
  const parameters = listOf(manifest.parameters).map((one) => String(objectOf(one).name));
  return [
    ...(files.has(standard) ? [] : [`${standard} is missing`]),
    ...texts.flatMap((name) => {
      const app = objectOf(jsonIn(files, name)?.app);
      const words = objectOf(app.parameters);
      return [
        ...LISTING.filter((key) => typeof app[key] !== "string" || app[key] === "").map(
          (key) => `${name}: app.${key} is missing`,
        ),
        ...parameters
          .filter((parameter) => typeof objectOf(words[parameter]).label !== "string")
          .map((parameter) => `${name}: app.parameters.${parameter}.label is missing`),
        ...Object.keys(words)
          .filter((parameter) => !parameters.includes(parameter))
          .map((parameter) => `${name}: ${parameter} is no parameter`),
      ];
    }),
  ];
}

function assetFindings(manifest: Json, files: Package): readonly string[] {
  const places = Object.keys(objectOf(objectOf(manifest.location).support));
  const icons = places.filter((place) => /_bar$/.test(place)).map((place) => `assets/icon_${place}.svg`);
  const drawings = [...icons, "assets/logo.svg"];
  return [
    ...drawings.flatMap((name) => drawingFindings(name, files.get(name))),
    ...Object.entries(PICTURES).flatMap(([name, edge]) => pictureFindings(name, edge, files.get(name))),
    ...[...files]
      .filter(([name]) => /\.(?:js|html|svg)$/.test(name))
      .filter(([, bytes]) => /\bhttp:\/\/(?!www\.w3\.org\/)/.test(textOf(bytes)))
      .map(([name]) => `${name} names an address without encryption`),
  ];
}

function drawingFindings(name: string, bytes: Uint8Array | undefined): readonly string[] {
  if (bytes === undefined) return [`${name} is missing`];
  const text = textOf(bytes);
  const dangerous = /<script|<foreignObject|\son\w+=|javascript:|<!ENTITY|<image|href=/i.exec(text)?.[0];
  return [
    ...(/<svg[^>]*viewBox=/.test(text) ? [] : [`${name} is no drawing with a viewBox`]),
    ...(dangerous === undefined ? [] : [`${name} holds ${dangerous}`]),
  ];
}

/** Edges stand in a PNG's first chunk. */
function pictureFindings(name: string, edge: number, bytes: Uint8Array | undefined): readonly string[] {
  if (bytes === undefined) return [`${name} is missing`];
  const view = Buffer.from(bytes);
  if (view.toString("latin1", 1, 4) !== "PNG") return [`${name} is no PNG`];
  const size = [view.readUInt32BE(16), view.readUInt32BE(20)];
  return size.every((one) => one === edge)
    ? []
    : [`${name} is ${size.join(" × ")} and not ${edge} × ${edge}`];
}

function jsonIn(files: Package, name: string): Json | null {
  const bytes = files.get(name);
  if (bytes === undefined) return null;
  try {
    return objectOf(JSON.parse(textOf(bytes)));
  } catch {
    return null;
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("utf8");
}

function objectOf(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
