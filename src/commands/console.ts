/** `console link|app|openapi`: lets a named person in, writes the help desk's app, prints the API's description. */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { systemClock } from "../clock.ts";
import { type AppFile, appFiles, appZip } from "../console/app-package.ts";
import { apiDescription } from "../console/routes.ts";
import { isEmail } from "../console/sessions.ts";
import { consoleOrigin, signInAddress } from "../main-console.ts";
import { moment, onStore } from "./on-store.ts";
import { complain, EXIT, say, sayJson } from "./terminal.ts";

export interface LinkOptions {
  readonly email: string;
  readonly role: string;
  readonly json?: boolean;
}

/** Makes and prints a one-time link; exit 2 for an address or a role that is none. */
export async function linkCommand({ email, role, json }: LinkOptions): Promise<number> {
  if (!isEmail(email)) {
    complain(`"${email}" is no e-mail address.\nfix: Name one person, for example --email kim@acme.example.`);
    return EXIT.usage;
  }
  if (role !== "agent" && role !== "admin") {
    complain(`There is no role "${role}".\nfix: Use --role agent (reads) or --role admin (changes).`);
    return EXIT.usage;
  }
  return onStore(async (store, config) => {
    const origin = consoleOrigin(config);
    const { url, expiresAt } = await signInAddress(store, origin, { email, role }, systemClock.now());
    if (json === true) sayJson({ url, email, role, expiresAt: moment(expiresAt) });
    else {
      say(url);
      complain(`For ${email} (${role}), once, until ${moment(expiresAt)}. Hand it over privately.`);
    }
    return EXIT.fine;
  });
}

/** Where the app is written when no file is named. */
const APP_FILE = "priority-support-app.zip";

/** Writes the app's zip and lists what is in it. */
export function appCommand(file: string | undefined, options: { readonly json?: boolean }): number {
  const path = resolve(file ?? APP_FILE);
  const files: readonly AppFile[] = appFiles();
  const zip = appZip(files);
  writeFileSync(path, zip);
  const list = files.map(({ name, bytes }) => ({ name, bytes: bytes.length }));
  if (options.json === true) sayJson({ path, bytes: zip.length, files: list });
  else {
    for (const { name, bytes } of list) say(`${String(bytes).padStart(8)}  ${name}`);
    say(`${path}: ${list.length} files, ${zip.length} bytes`);
  }
  return EXIT.fine;
}

/** Prints the OpenAPI document. */
export function openApiCommand(): number {
  sayJson(apiDescription());
  return EXIT.fine;
}
