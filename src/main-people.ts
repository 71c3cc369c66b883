/** Connects the ways to people with the running service: Slack's bot, a mail server, the incoming webhook. */
import { randomUUID } from "node:crypto";
import { connectors } from "../connectors/index.ts";
import { NOWHERE } from "./assemble.ts";
import { need, openNotifier } from "./assemble-crm.ts";
import type { Config } from "./config.ts";
import { ConfigProblem } from "./errors.ts";
import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import { troubleNotifier } from "./people/trouble.ts";
import { openPeopleWatch, type PeopleWatch } from "./people/watch.ts";
import type { Ways } from "./people/ways.ts";
import type { Policy } from "./policy/model.ts";
import type { Clock, Desk, Notifier, Store } from "./ports.ts";

/** What is set up to reach people; null = that way is not. */
export function openWays(config: Config, clock: Clock): Ways {
  const secret = (name: string) => (): string => need(config.secret(name), name);
  const url = config.text("SLACK_URL");
  return {
    slack:
      config.secret("SLACK_BOT_TOKEN") === null
        ? null
        : connectors.slack.openSlackBot({
            token: secret("SLACK_BOT_TOKEN"),
            now: clock.now,
            ...(url === null ? {} : { url: url.endsWith("/") ? url : `${url}/` }),
          }),
    email:
      config.secret("SMTP_URL") === null
        ? null
        : connectors.email.openEmail({
            url: secret("SMTP_URL"),
            from: () => need(config.text("MAIL_FROM"), "MAIL_FROM"),
          }),
    webhook: openNotifier(config, clock),
  };
}

/** A mail server without a sender is half a way. @throws ConfigProblem */
export function refuseHalfMail(config: Config): void {
  const [server, from] = [config.secret("SMTP_URL"), config.text("MAIL_FROM")];
  if ((server === null) === (from === null)) return;
  const missing = server === null ? "SMTP_URL" : "MAIL_FROM";
  throw new ConfigProblem([
    {
      what: `${missing} is not set, and without it no mail is sent.`,
      fix: `Set ${missing}, or take ${server === null ? "MAIL_FROM" : "SMTP_URL"} out.`,
    },
  ]);
}

/** The watch of one instance. */
export function peopleFor(
  config: Config,
  around: {
    readonly store: Store;
    readonly desk: Desk;
    readonly policy: () => Policy;
    readonly simulating: () => Promise<boolean>;
    readonly clock: Clock;
    readonly log: Log;
    readonly metrics: Metrics;
  },
): PeopleWatch {
  const origin = (config.text("ZENDESK_URL") ?? NOWHERE).replace(/\/+$/, "");
  const { publicUrl } = config;
  const ways = openWays(config, around.clock);
  return openPeopleWatch(
    { ...around, ways, origin, publicUrl, jitter: Math.random },
    `people-${randomUUID()}`,
  );
}

/** Who hears of a sync that fails or a run that is held; null = nobody can be told. */
export function troubleFor(
  config: Config,
  around: {
    readonly store: Store;
    readonly policy: () => Policy;
    readonly simulating: () => Promise<boolean>;
    readonly clock: Clock;
  },
): Notifier | null {
  const ways = openWays(config, around.clock);
  return troubleNotifier(openNotifier(config, around.clock), { ...around, ways });
}
