/** One mail through the server, and what its answer means. */
import { PassThrough } from "node:stream";
import { NeedsAdmin, Paused, TryAgain } from "../../src/errors.ts";
import { type MailServer, type MailText, serverOf } from "./schemas.ts";

export interface EmailOptions {
  /** `smtp://…` with the password: a secret. */
  readonly url: () => string;
  readonly from: () => string;
  /** Whole exchange, ms; left out = 30 s. */
  readonly deadlineMs?: number;
}

/** Connecting, signing in and handing over one mail. */
const DEADLINE_MS = 30_000;
const SERVER_FIX =
  "Check host, port and certificate of SMTP_URL, and that the mail server offers STARTTLS or is named as smtps://.";

/**
 * Hands one mail over. `unknown`: the connection ended before the server said whether it took the mail.
 *
 * @throws Paused the server cannot be reached. @throws TryAgain it refuses for the moment (4xx).
 * @throws NeedsAdmin it refuses for good, or us.
 */
export async function hand(
  options: EmailOptions,
  to: string,
  { subject, text, html, messageId }: MailText,
): Promise<"told" | "unknown"> {
  const transport = await transportOf(options);
  let begun = false;
  transport.use("stream", (mail, done) => {
    // Runs once we are signed in and the mail begins to leave.
    mail.message.transform(() => {
      begun = true;
      return new PassThrough();
    });
    done();
  });
  try {
    await transport.sendMail({
      from: options.from(),
      to: { name: "", address: to },
      ...{ subject, text, html, messageId },
      headers: { "Auto-Submitted": "auto-generated" },
      signal: AbortSignal.timeout(options.deadlineMs ?? DEADLINE_MS),
    });
    return "told";
  } catch (error) {
    const refusal = failureOf(error);
    if (begun && refusal instanceof Paused) return "unknown";
    throw refusal;
  } finally {
    transport.close();
  }
}

/** Can we connect and sign in? Nothing is sent. @throws as `hand`. */
export async function knock(options: EmailOptions): Promise<void> {
  const transport = await transportOf(options);
  try {
    await transport.verify();
  } catch (error) {
    throw failureOf(error);
  } finally {
    transport.close();
  }
}

/** Made anew for each mail, so that a new password counts at once; loaded when first needed. */
async function transportOf(options: EmailOptions) {
  const server = serverOf(options.url());
  if (server === null)
    throw new NeedsAdmin("SMTP_URL names no mail server", {
      fix: "Set SMTP_URL to smtp://user:password@host:587 or smtps://user:password@host:465.",
    });
  const { createTransport } = await import("nodemailer");
  return createTransport(settingsOf(server, options.deadlineMs ?? DEADLINE_MS));
}

function settingsOf({ host, port, secure, requireTls, user, password }: MailServer, deadlineMs: number) {
  return {
    ...{ host, port, secure },
    requireTLS: requireTls,
    ...(user === null ? {} : { auth: { user, pass: password ?? "" } }),
    connectionTimeout: deadlineMs,
    greetingTimeout: deadlineMs,
    socketTimeout: deadlineMs,
    // A notice is text: nothing in it may make us read a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false as const,
  };
}

/**
 * What to do next, by the package's code and the server's status. Texts of the server are left out: some repeat the user's
 * name, and some the mail.
 */
function failureOf(error: unknown): Error {
  const { code, responseCode } = described(error);
  const said = responseCode === null ? code : `${code}, ${responseCode}`;
  if (code === "EAUTH" || code === "ENOAUTH")
    return new NeedsAdmin(`the mail server refuses us (${said})`, {
      fix: "Correct user and password in SMTP_URL.",
    });
  if (code === "ETLS") return new NeedsAdmin(`no encrypted connection (${said})`, { fix: SERVER_FIX });
  if (responseCode !== null && responseCode >= 500)
    return code === "EENVELOPE"
      ? new NeedsAdmin(`the mail server refuses sender or recipient (${said})`, {
          fix: "Correct MAIL_FROM, or the person's address in the policy or the CRM.",
        })
      : new NeedsAdmin(`the mail server refuses the mail (${said})`, {
          fix: "Ask whoever runs the mail server why it refuses mails of MAIL_FROM.",
        });
  if (responseCode !== null) return new TryAgain(`the mail server asks to come again later (${said})`);
  if (code === "EENVELOPE" || code === "ECONFIG")
    return new NeedsAdmin(`the address cannot be used (${said})`, {
      fix: "Correct MAIL_FROM, or the person's address in the policy or the CRM.",
    });
  return new Paused(`the mail server cannot be reached (${said})`, { upstream: "e-mail", fix: SERVER_FIX });
}

function described(error: unknown): { readonly code: string; readonly responseCode: number | null } {
  if (!(error instanceof Error)) return { code: "unknown", responseCode: null };
  const code = "code" in error && typeof error.code === "string" ? error.code : error.name;
  const status =
    "responseCode" in error && typeof error.responseCode === "number" ? error.responseCode : null;
  return { code, responseCode: status };
}
