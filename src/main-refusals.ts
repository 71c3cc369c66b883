/** Settings under which the service must not start. */
import { splitSecrets } from "./assemble.ts";
import { type Config, isLoopback } from "./config.ts";
import { ConfigProblem } from "./errors.ts";
import { SMALLEST_POLICY } from "./first-policy.ts";
import type { Policy } from "./policy/model.ts";
import { readPolicyText } from "./policy-file.ts";

/** Fail closed: nothing listens with a configuration that would let anyone in. @throws ConfigProblem with every reason at once. */
export function refuseUnsafe(config: Config, options: { readonly setup: boolean }): void {
  const problems: { what: string; fix: string }[] = [];
  if (options.setup && !isLoopback(config.host))
    problems.push({
      what: `serve --setup listens on loopback only, not on ${config.host}.`,
      fix: "Unset HOST, or leave out --setup.",
    });
  if (!options.setup && splitSecrets(config.secret("ZENDESK_WEBHOOK_SECRET")).length === 0)
    problems.push({
      what: "ZENDESK_WEBHOOK_SECRET is not set: anyone could send tickets.",
      fix: "Set it to the webhook's signing secret (Admin Center > Webhooks > Reveal secret), or use serve --setup.",
    });
  if (problems.length > 0) throw new ConfigProblem(problems);
}

/** What decides in set-up mode while there is no policy yet: one tier for everybody. null = there must be a policy. */
export function smallestPolicy({ setup }: { readonly setup: boolean }): Policy | null {
  return setup ? readPolicyText(SMALLEST_POLICY).policy : null;
}
