/**
 * What Zendesk's own validator says about the files of a package and the kinds of their values (zendesk_apps_support,
 * validations/manifest.rb at 00db9db, translations.rb at 0572922, mime.rb at 38ba139, secrets.rb at 10815e7, read
 * 2026-12-01). Its warnings count as findings here.
 */

/** Files of the package by their name in it. */
export type Package = ReadonlyMap<string, Uint8Array>;

type Json = Readonly<Record<string, unknown>>;

/** Where the validator, or the framework, looks; anything else would be carried along for nothing. */
const PLACES = /^(?:manifest\.json|requirements\.json|assets\/[\w.-]+|translations\/[\w-]+\.json)$/;
const LOCALE = /^[a-z]{2}(?:-\w{2,3})?$/;
const UNSUPPORTED = /\.(?:rar|zip|gz|gzip|pdf|docx?|avi|bin|bz2?|csh|sh|jar|mp3|mpeg|odt|pptx?|xlsx?|7z)$/i;
/** First bytes of zip, gzip, pdf, rar, 7z and bzip2. */
const MAGIC = ["504b0304", "1f8b", "25504446", "52617221", "377abcaf", "425a68"];
const SECRETIVE =
  /pass|secret|auth_?key|auth_user|AuthUser|username|api_key|xox[pboa]-|-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{8,24}/;
const BOOLEANS = ["requirementsOnly", "marketingOnly", "singleInstall", "signedUrls", "private"] as const;
const STRINGS = [
  "name",
  "defaultLocale",
  "version",
  "frameworkVersion",
  "remoteInstallationURL",
  "termsConditionsURL",
  "gaID",
] as const;

/** Findings about names, kinds and contents of files. */
export function fileFindings(files: Package): readonly string[] {
  return [...files].flatMap(([name, bytes]) => {
    const head = Buffer.from(bytes.subarray(0, 4)).toString("hex");
    const locale = /^translations\/(.+)\.json$/.exec(name)?.[1];
    const found = /\.(?:json|js|html|svg)$/.test(name)
      ? SECRETIVE.exec(Buffer.from(bytes).toString("utf8"))
      : null;
    return [
      ...(PLACES.test(name) ? [] : [`${name} belongs into no package`]),
      ...(UNSUPPORTED.test(name) || MAGIC.some((one) => head.startsWith(one))
        ? [`${name} is of a kind that is not taken`]
        : []),
      ...(locale === undefined || LOCALE.test(locale) ? [] : [`${name}: ${locale} is no locale`]),
      ...(found === null ? [] : [`${name} looks as if it held a secret: ${found[0]}`]),
      ...(bytes.length === 0 ? [`${name} is empty`] : []),
    ];
  });
}

/** Findings about values of the manifest that have another kind than the validator wants. */
export function kindFindings(manifest: Json, author: Json, parameters: readonly Json[]): readonly string[] {
  const is = (value: unknown, kind: "boolean" | "string"): boolean =>
    value === undefined || typeof value === kind;
  const white = manifest.domainWhitelist;
  const oauth = manifest.oauth !== undefined;
  return [
    ...BOOLEANS.filter((key) => !is(manifest[key], "boolean")).map(
      (key) => `manifest: ${key} is no yes or no`,
    ),
    ...STRINGS.filter((key) => !is(manifest[key], "string")).map((key) => `manifest: ${key} is no text`),
    ...(URL.canParse(String(author.url)) ? [] : ["manifest: author.url is no address"]),
    ...(white === undefined || (Array.isArray(white) && white.every((one) => typeof one === "string"))
      ? []
      : ["manifest: domainWhitelist is no list of texts"]),
    ...parameters.flatMap((one) =>
      (["required", "secure"] as const)
        .filter((key) => !is(one[key], "boolean"))
        .map((key) => `parameters: ${one.name}.${key} is no yes or no`),
    ),
    ...(oauth && !parameters.some((one) => one.type === "oauth")
      ? ["manifest: oauth needs a parameter of its type"]
      : []),
  ];
}
