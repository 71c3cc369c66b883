/** What we read of an identity token. Only the address is needed; groups come as a list or as one word. */
import { z } from "zod";

const words = z
  .unknown()
  .optional()
  .transform((value) => {
    if (typeof value === "string") return [value];
    return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
  });

/** Claims about a person. */
export const claimsSchema = z.object({
  email: z.string().min(3).max(254),
  email_verified: z.unknown().optional(),
  groups: words,
  roles: words,
});
