/** Opens the console of a running service. Loaded when somebody first looks at it: most of the time nobody does. */
import { connectors } from "../connectors/index.ts";
import { openNotifier, splitSecrets } from "./assemble.ts";
import { checkAll } from "./check/check.ts";
import type { Config } from "./config.ts";
import { type Console, openConsole } from "./console/console.ts";
import { openCrmView } from "./console/crm-view.ts";
import { RECENT_DAYS, rememberingCoverage } from "./console/overview.ts";
import { policyHelp } from "./console/policy-help.ts";
import { rememberingLint } from "./console/policy-text.ts";
import { rememberingClocks } from "./console/running-clocks.ts";
import { newSecret } from "./console/sessions.ts";
import type { Dependency } from "./http-server.ts";
import { openWays } from "./main-people.ts";
import { reportDesk } from "./main-reports.ts";
import { type SetUpSurroundings, setUpFor } from "./main-set-up.ts";
import type { Policy } from "./policy/model.ts";
import type { IdentityProvider } from "./ports.ts";
import type { Syncs } from "./sync-schedule.ts";
import type { Worker } from "./ticket-worker.ts";

/** What of the running service the console is connected with. */
export interface ConsoleSurroundings extends SetUpSurroundings {
  /** The policy that desk and CRM were connected with. */
  readonly connectedWith: Policy;
  readonly syncs: Pick<Syncs, "state">;
  readonly dependencies: () => Promise<readonly Dependency[]>;
  readonly simulating: () => Promise<boolean>;
  readonly worker: Pick<Worker, "wake">;
}

/** The console as it is served; `pages` = the folder of its built pages. */
export function openConsoleFor(config: Config, around: ConsoleSurroundings, pages: string): Console {
  const { store, current, desk, crm, clock, log } = around;
  const reports = reportDesk(config.databaseUrl, current.policy, clock.now);
  const people = openConsole({
    store,
    clock,
    log,
    policy: current,
    policySource: { path: config.policyFile, explicit: config.policyFileExplicit },
    connectedWith: around.connectedWith,
    desk: desk.port,
    deskBudget: desk.accountBudget,
    apps: desk.apps,
    crm,
    crmView: crm === null ? null : openCrmView(crm.port, clock.now),
    syncState: around.syncs.state,
    dependencies: around.dependencies,
    simulating: around.simulating,
    simulatingForced: around.simulate || around.setup,
    check: () => checkOf(config, around),
    wake: () => around.worker.wake(),
    identity: identityOf(config),
    publicUrl: config.publicUrl,
    appId: config.text("ZENDESK_APP_ID"),
    pages,
    lint: rememberingLint(),
    policyHelp: policyHelp(),
    clocks: rememberingClocks(store, desk.port, clock.now),
    coverage: rememberingCoverage(store, clock.now),
    recentCoverage: rememberingCoverage(store, clock.now, RECENT_DAYS),
    reports: reports.order,
    setUp: setUpFor(config, around),
    secret: newSecret,
  });
  const stop = async (): Promise<void> => {
    await people.stop();
    await reports.stop();
  };
  return { router: people.router, stop };
}

/** Everything `check` says, under the policy that is in force now. */
async function checkOf(config: Config, { store, current, desk, crm, clock }: ConsoleSurroundings) {
  const policy = current.policy();
  // Whatever is in force was stored before it came into force.
  const kept = await store.console.policies.get(policy.version);
  const sources = crm === null ? [] : [crm, ...crm.others];
  return checkAll({
    policy,
    policyHash: kept?.contentHash ?? "",
    desk: desk.port,
    // What is published now, though it is read so only after a restart.
    crms: sources.map(({ port, mapping }) => ({ crm: port, mapping: policy.crm[port.name] ?? mapping })),
    store,
    clock,
    publicUrl: config.publicUrl,
    webhookSecrets: splitSecrets(config.secret("ZENDESK_WEBHOOK_SECRET")),
    rules: desk,
    notifier: openNotifier(config, clock),
    ways: openWays(config, clock),
  });
}

function identityOf(config: Config): IdentityProvider | null {
  const [issuer, clientId] = [config.text("OIDC_ISSUER"), config.text("OIDC_CLIENT_ID")];
  if (issuer === null || clientId === null) return null;
  return connectors.oidc.openOidc({
    issuer,
    clientId,
    clientSecret: () => config.secret("OIDC_CLIENT_SECRET"),
    adminGroup: config.text("OIDC_ADMIN_GROUP"),
  });
}
