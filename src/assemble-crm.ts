/** From configuration to connected sources of accounts, by the keys of the policy's `crm` section. */
import { connectors } from "../connectors/index.ts";
import { hubspotPacer, type Paced, type Pacing } from "./assemble-pacing.ts";
import type { Config } from "./config.ts";
import { NeedsAdmin } from "./errors.ts";
import { propertiesOf } from "./policy/facts.ts";
import type { CrmMapping, Policy } from "./policy/model.ts";
import { relatedSources } from "./policy/related-facts.ts";
import type { Clock, Crm, Messenger, Notifier } from "./ports.ts";

export interface Opened<T> {
  readonly port: T;
  /** Until when calls are held back, epoch ms; in the past = they flow. */
  readonly blockedUntil: () => number;
  /** How much of the API budget is left and how calls were answered; absent = nothing limits the calls. */
  readonly paced?: Paced;
  /** Lets no further call start, and settles what is still owed. */
  readonly stop: () => Promise<void>;
}

/** A source beside the first one. */
export interface JoinedSource {
  readonly port: Crm;
  readonly mapping: CrmMapping;
  /** Property of this source that holds the id of the first source's record. */
  readonly join: string;
}

/** The source that defines the accounts, and those that fill in facts. */
export type OpenedCrm = Opened<Crm> & {
  readonly mapping: CrmMapping;
  readonly others: readonly JoinedSource[];
};

/** Settings without which HubSpot cannot be reached. */
export const crmSettings: readonly string[] = ["HUBSPOT_ACCESS_TOKEN"];

/** Settings without which the sources of this policy cannot be reached. `A|B` = one of both. */
export function crmSettingsFor(policy: Policy): readonly string[] {
  return sourceNames(policy).flatMap((name) => {
    const table = policy.tables[name];
    if (table === undefined) return crmSettings;
    return [settingNames(name, table.kind === "csv" ? "CSV_PATH" : "SQL_URL").join("|")];
  });
}

/** The sources of the policy; null = it maps none. */
export function openCrm(config: Config, policy: Policy, clock: Clock, pacing: Pacing = {}): OpenedCrm | null {
  const { first, join } = policy.sources;
  const opened = sourceNames(policy).flatMap((name) => {
    const mapping = policy.crm[name];
    return mapping === undefined
      ? []
      : [{ name, mapping, ...openSource(config, policy, name, mapping, { clock, pacing }) }];
  });
  const main = opened.find(({ name }) => name === first);
  if (main === undefined) return null;
  const others = opened.filter((one) => one !== main);
  return {
    port: main.port,
    mapping: main.mapping,
    others: others.map(({ name, port, mapping }) => ({ port, mapping, join: join[name] ?? "" })),
    blockedUntil: () => Math.max(...opened.map((one) => one.blockedUntil())),
    ...opened.flatMap(({ paced }) => (paced === undefined ? [] : [{ paced }])).at(0),
    stop: async () => {
      await Promise.all(opened.map((one) => one.stop()));
    },
  };
}

/** Where people hear of trouble; null = SLACK_WEBHOOK_URL is not set. */
export function openNotifier(config: Config, clock: Clock): (Notifier & Messenger) | null {
  if (config.secret("SLACK_WEBHOOK_URL") === null) return null;
  const url = (): string => need(config.secret("SLACK_WEBHOOK_URL"), "SLACK_WEBHOOK_URL");
  return connectors.slack.openSlack({ url, now: clock.now });
}

function sourceNames(policy: Policy): readonly string[] {
  const { first, join } = policy.sources;
  return Object.keys(policy.crm).filter((name) => name === first || Object.hasOwn(join, name));
}

function openSource(
  config: Config,
  policy: Policy,
  name: string,
  mapping: CrmMapping,
  { clock, pacing }: { readonly clock: Clock; readonly pacing: Pacing },
): Opened<Crm> {
  const table = policy.tables[name];
  if (table === undefined) return openHubspot(config, mapping, clock, pacing);
  const join = policy.sources.join[name];
  const columns = [...new Set([...propertiesOf(mapping), ...(join === undefined ? [] : [join])])];
  const setting = (base: string): string | null =>
    settingNames(name, base).find((one) => config.text(one) !== null || config.secret(one) !== null) ?? null;
  const approval = `${table.kind.toUpperCase()}_APPROVED_ROWS`;
  const approvedBy = setting(approval);
  const approved = approvedBy === null ? null : config.text(approvedBy);
  const common = {
    source: name,
    columns,
    approval: settingNames(name, approval)[0] ?? approval,
    approvedRows: () => (approved === null ? null : Number(approved)),
  };
  if (table.kind === "csv") {
    const path = setting("CSV_PATH") ?? "CSV_PATH";
    const port = connectors.csv.openCsv({
      ...common,
      table,
      setting: path,
      path: () => need(config.text(path), path),
    });
    return { port, blockedUntil: () => 0, stop: async () => {} };
  }
  const url = setting("SQL_URL") ?? "SQL_URL";
  const port = connectors.sql.openSql({ ...common, table, url: () => need(config.secret(url), url) });
  return { port, blockedUntil: () => 0, stop: () => port.close() };
}

/** `sql.warehouse` is looked for under WAREHOUSE_SQL_URL, then under SQL_URL. */
function settingNames(source: string, base: string): readonly string[] {
  const own = source.split(".")[1];
  return own === undefined ? [base] : [`${own.toUpperCase()}_${base}`, base];
}

function openHubspot(config: Config, mapping: CrmMapping, clock: Clock, pacing: Pacing): Opened<Crm> {
  const { hubspot } = connectors;
  const pacer = hubspotPacer(config, clock, pacing);
  const url = config.text("HUBSPOT_URL");
  const port = hubspot.openHubspot({
    ...(url === null ? {} : { url }),
    token: () => need(config.secret("HUBSPOT_ACCESS_TOKEN"), "HUBSPOT_ACCESS_TOKEN"),
    pacer,
    now: clock.now,
    sleep: clock.sleep,
    related: relatedSources(mapping),
    parent: mapping.parent?.property ?? null,
  });
  return { port, blockedUntil: pacer.blockedUntil, paced: pacer, stop: pacer.stop };
}

/** A setting that must be there by now. @throws NeedsAdmin */
export function need(value: string | null, name: string): string {
  if (value !== null) return value;
  throw new NeedsAdmin(`${name} is not set`, { fix: `Set ${name}.` });
}
