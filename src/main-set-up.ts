/** Connects the wizard with the running service: its settings, its help desk, and where a new secret goes. */
import {
  connectorSettings,
  crmSettingsFor,
  deskSettings,
  type openCrm,
  type openDesk,
  splitSecrets,
} from "./assemble.ts";
import type { Config } from "./config.ts";
import { openSetUpJobs } from "./console/set-up-jobs.ts";
import type { SetUpParts } from "./console/set-up-parts.ts";
import { firstPolicy } from "./first-policy.ts";
import type { Log } from "./log.ts";
import type { CurrentPolicy } from "./policy-in-force.ts";
import type { Clock, Store } from "./ports.ts";
import { delivered, type SecretState } from "./provision/webhook-secret.ts";
import { type RefusedSetting, settingStates } from "./setting-states.ts";

/** What of the running service the wizard is connected with. */
export interface SetUpSurroundings {
  readonly store: Store;
  readonly current: CurrentPolicy;
  readonly desk: ReturnType<typeof openDesk>;
  readonly crm: ReturnType<typeof openCrm>;
  /** How the service was started. */
  readonly setup: boolean;
  readonly simulate: boolean;
  /** Settings that are there and cannot be used; left out = none. */
  readonly refused?: readonly RefusedSetting[];
  readonly clock: Clock;
  readonly log: Log;
}

/** The wizard's parts for one running service. */
export function setUpFor(config: Config, around: SetUpSurroundings): SetUpParts {
  const { store, current, desk, clock, log, setup, simulate } = around;
  const { publicUrl } = config;
  const policy = current.policy;
  // `apply` makes the webhook and with it the secret: until then nobody can have one.
  const needed = [...deskSettings, "PUBLIC_URL", ...(setup ? [] : ["ZENDESK_WEBHOOK_SECRET"])];
  return {
    isSetUpMode: setup,
    isSimulateFlag: simulate,
    settings: () =>
      settingStates(
        config,
        connectorSettings,
        [...needed, ...withEmail(config), ...crmSettingsFor(policy())],
        around.refused ?? [],
      ),
    firstPolicy: () => firstPolicyFor(around),
    jobs: openSetUpJobs({
      ...{ store, clock, log, policy, publicUrl },
      provisioning: desk.provisioning,
      deliver: () => deliver(config, around),
      around: () => ({
        ...{ store, publicUrl, policy: policy() },
        desk: desk.port,
        testTickets: desk.testTickets,
      }),
    }),
  };
}

/** An API token is used with the address of its user; an OAuth token is not. */
function withEmail(config: Config): readonly string[] {
  return config.secret("ZENDESK_OAUTH_TOKEN") === null ? ["ZENDESK_EMAIL"] : [];
}

async function firstPolicyFor({ desk, crm, clock }: SetUpSurroundings): Promise<string> {
  const { groups } = await desk.port.describe();
  const tenant = await crm?.port.test();
  return firstPolicy({
    fields: (await crm?.port.fields()) ?? [],
    groups: groups.map(({ name }) => name),
    currency: tenant?.currency ?? null,
    on: new Date(clock.now()).toISOString().slice(0, 10),
  });
}

/** Into the operator's file, and never onto a page. */
async function deliver(config: Config, { desk, store }: SetUpSurroundings): Promise<SecretState> {
  const secret = await delivered(desk.provisioning, await store.provisionJournal.owned(), {
    secrets: splitSecrets(config.secret("ZENDESK_WEBHOOK_SECRET")),
    file: config.text("ZENDESK_WEBHOOK_SECRET_FILE"),
    show: null,
  });
  if (secret === "written") config.rereadSecrets();
  return secret;
}
