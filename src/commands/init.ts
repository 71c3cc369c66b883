/** `init`: writes a first policy from the real HubSpot properties and Zendesk groups. Asks nothing, replaces nothing. */
import { existsSync, writeFileSync } from "node:fs";
import { connectorSettings, crmSettings, deskSettings, openCrm, openDesk } from "../assemble.ts";
import { systemClock } from "../clock.ts";
import { environment, readConfig } from "../config.ts";
import { NeedsAdmin } from "../errors.ts";
import { firstPolicy, SMALLEST_POLICY } from "../first-policy.ts";
import type { Policy } from "../policy/model.ts";
import { readPolicyText } from "../policy-file.ts";
import { deskConfig } from "./on-desk.ts";
import { complain, EXIT, say } from "./terminal.ts";

/** Exit 2 when there is a policy already. */
export async function initCommand(): Promise<number> {
  const path = readConfig(environment(process.env), []).policyFile;
  if (existsSync(path)) {
    complain(
      `There is a file ${path} already; it was not touched.\nfix: Move it away, or set POLICY_FILE to the name of a new one.`,
    );
    return EXIT.usage;
  }
  const config = deskConfig();
  readConfig(environment(process.env), connectorSettings, [...deskSettings, ...crmSettings]);
  const smallest = policyOf(SMALLEST_POLICY);
  const desk = openDesk(config, smallest, systemClock);
  const crm = openCrm(config, smallest, systemClock);
  try {
    const { groups } = await desk.port.describe();
    const tenant = await crm?.port.test();
    const text = firstPolicy({
      fields: (await crm?.port.fields()) ?? [],
      groups: groups.map(({ name }) => name),
      currency: tenant?.currency ?? null,
      on: new Date(systemClock.now()).toISOString().slice(0, 10),
    });
    policyOf(text);
    writeFileSync(path, text, { flag: "wx" });
  } finally {
    await desk.stop();
    await crm?.stop();
  }
  say(`Wrote ${path}. Complete it, then look: priority-support policy lint ${path}, priority-support plan`);
  return EXIT.fine;
}

function policyOf(text: string): Policy {
  const { policy, findings } = readPolicyText(text);
  if (policy !== null) return policy;
  const [first] = findings;
  throw new NeedsAdmin(`The policy made from these names does not load: ${first?.message ?? ""}`, {
    fix: 'Write one by hand (README, "Write a policy"), and report this with the name that is in the way.',
  });
}
