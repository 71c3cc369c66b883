/** The promises of the store, the same on every database. */
import { afterEach, beforeEach, describe } from "@jest/globals";
import { accountPromises } from "./account-promises.ts";
import { budgetPromises } from "./budget-promises.ts";
import { claimPromises, togetherPromises } from "./claim-promises.ts";
import { consolePromises } from "./console-promises.ts";
import { customerPromises } from "./customer-promises.ts";
import { durabilityPromises } from "./durability-promises.ts";
import { forgettingPromises } from "./forgetting-promises.ts";
import { guardPromises } from "./guard-promises.ts";
import { holdPromises } from "./hold-promises.ts";
import { inboxPromises } from "./inbox-promises.ts";
import type { Opened } from "./kit.ts";
import { ledgerPromises } from "./ledger-promises.ts";
import { noticePromises } from "./notice-promises.ts";
import { openTicketPromises } from "./open-ticket-promises.ts";
import { organizationPromises } from "./organization-promises.ts";
import { overridePromises } from "./override-promises.ts";
import { provisionPromises } from "./provision-promises.ts";
import { registerPromises } from "./register-promises.ts";
import { reportPromises } from "./report-promises.ts";
import { runPromises } from "./run-promises.ts";
import { sourceFactsPromises } from "./source-facts-promises.ts";
import { sweepPromises } from "./sweep-promises.ts";
import { upgradePromises } from "./upgrade-promises.ts";
import { waitlistPromises } from "./waitlist-promises.ts";

/** Holds the store to its promises; `open` answers with a new, empty database for each test. */
export function storeContract(name: string, open: () => Promise<Opened>): void {
  describe(`the store on ${name}`, () => {
    let opened: Opened | null = null;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(async () => {
      await opened?.close();
      opened = null;
    });
    const under = (): Opened => {
      if (!opened) throw new Error("no database is open");
      return opened;
    };
    describe("inbox", () => inboxPromises(under));
    describe("claims", () => claimPromises(under));
    describe("many claims at once", () => togetherPromises(under));
    describe("ledger", () => ledgerPromises(under));
    describe("accounts", () => accountPromises(under));
    describe("customers", () => customerPromises(under));
    describe("organizations", () => organizationPromises(under));
    describe("runs", () => runPromises(under));
    describe("waiting lists", () => waitlistPromises(under));
    describe("budgets", () => budgetPromises(under));
    describe("the journal of the set-up", () => provisionPromises(under));
    describe("register", () => registerPromises(under));
    describe("facts per source", () => sourceFactsPromises(under));
    describe("open tickets", () => openTicketPromises(under));
    describe("changes on hold", () => holdPromises(under));
    describe("messages to people", () => noticePromises(under));
    describe("facts of reports", () => reportPromises(under));
    describe("overrides", () => overridePromises(under));
    describe("forgetting", () => forgettingPromises(under));
    describe("unheard-of tickets", () => sweepPromises(under));
    describe("the brake", () => guardPromises(under));
    describe("the console", () => consolePromises(under));
    describe("durability", () => durabilityPromises(under));
    describe("upgrades", () => upgradePromises(under));
  });
}
