/** E-mail: messages to people through a mail server. */
import { z } from "zod";
import { isServer } from "./schemas.ts";

export type { EmailOptions } from "./client.ts";
export { openEmail } from "./messenger.ts";

/** Name of this connector in settings. */
export const name = "email";

/** The connector's settings; the README's table is generated from the descriptions. */
export const settings = z.object({
  SMTP_URL: z
    .string()
    .refine(isServer, "must be smtp://user:password@host:587 or smtps://user:password@host:465")
    .optional()
    .describe(
      "Mail server that tells people of the policy's `people` section, `smtp://user:password@host:587` (STARTTLS) or `smtps://…:465`; special characters of the password percent-encoded",
    ),
  MAIL_FROM: z
    .string()
    .regex(/^[^\r\n]*@[^\r\n]*$/, "must hold an e-mail address")
    .optional()
    .describe(
      "Sender of these mails, `Priority Support <priority-support@acme.example>`; needed with `SMTP_URL`",
    ),
});
