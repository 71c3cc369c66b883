/** The text that our webhook signs with: from the help desk into the operator's file, and nowhere else. */
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { NeedsAdmin } from "../errors.ts";
import type { OwnedRecord, Provisioning } from "../ports.ts";

/**
 * `known`: the service has it. `written`: it is in the file now. `shown`: it was printed to a terminal. `hidden`: there is
 * neither file nor terminal. null: no webhook is ours.
 */
export type SecretState = "known" | "written" | "shown" | "hidden" | null;

/** Where a secret goes. */
export interface SecretPlaces {
  /** The secrets that the service verifies with. */
  readonly secrets: readonly string[];
  /** ZENDESK_WEBHOOK_SECRET_FILE; null = not set. */
  readonly file: string | null;
  /** Prints to a person; null = nobody is there to read it, and logs keep what they get. */
  readonly show: ((secret: string) => void) | null;
}

/** Sees to it that the service can verify what our webhook signs. Asking again does nothing new. */
export async function delivered(
  desk: Pick<Provisioning, "signingSecret">,
  owned: readonly OwnedRecord[],
  { secrets, file, show }: SecretPlaces,
): Promise<SecretState> {
  const webhook = owned.find(({ kind }) => kind === "webhook");
  if (webhook === undefined) return null;
  const secret = await desk.signingSecret(webhook.id);
  if (secrets.includes(secret)) return "known";
  if (file !== null) {
    write(file, secret);
    return "written";
  }
  if (show === null) return "hidden";
  show(secret);
  return "shown";
}

/** Signatures of the secrets before are good while deliveries of theirs are under way. */
const KEPT = 3;

/** The new one first, those before behind it; nobody but the owner may read it, and never half of it. */
function write(file: string, secret: string): void {
  try {
    const before = existsSync(file) ? readFileSync(file, "utf8").split(",") : [];
    const others = before.map((one) => one.trim()).filter((one) => one !== "" && one !== secret);
    const made = `${file}.new`;
    writeFileSync(made, [secret, ...others].slice(0, KEPT).join(","), { mode: 0o600 });
    // A file that was there keeps its mode when it is written.
    chmodSync(made, 0o600);
    renameSync(made, file);
  } catch (cause) {
    const why = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown error";
    throw new NeedsAdmin(`The webhook's signing secret cannot be written to ${file} (${why})`, {
      fix: "Make the folder of ZENDESK_WEBHOOK_SECRET_FILE writable, then run `priority-support apply` again.",
      cause,
    });
  }
}
