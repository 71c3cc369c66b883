/** What the console is handed by the running service. Types only. */
import type { CheckLine } from "../check/line.ts";
import type { Dependency } from "../http-server.ts";
import type { Log } from "../log.ts";
import type { CrmMapping, Policy } from "../policy/model.ts";
import type { PolicyRead } from "../policy-file.ts";
import type { CurrentPolicy } from "../policy-in-force.ts";
import type { Clock, Coverage, Crm, Desk, DeskApps, IdentityProvider, Store } from "../ports.ts";
import type { SyncState } from "../sync-schedule.ts";
import type { CrmView } from "./crm-view.ts";
import type { EditPath } from "./policy-edit.ts";
import type { KeyHelp } from "./policy-help.ts";
import type { ReportOrder, ReviewOrder } from "./report-order.ts";
import type { RunningClocks } from "./running-clocks.ts";
import type { SetUpParts } from "./set-up-parts.ts";

/** Where the policy comes from. */
export interface PolicySource {
  readonly path: string;
  /** POLICY_FILE is set: the file is the truth and the console only reads. */
  readonly explicit: boolean;
}

export interface ConsoleParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly policy: CurrentPolicy;
  readonly policySource: PolicySource;
  /** The policy that desk and CRM were connected with; a changed connection needs a restart. */
  readonly connectedWith: Policy;
  readonly desk: Desk;
  /** Calls to the help desk that this service may make in a minute, and those left of the running one. */
  readonly deskBudget: () => { readonly limit: number; readonly remaining: number };
  readonly apps: DeskApps;
  /** null = the policy maps no CRM. */
  readonly crm: { readonly port: Crm; readonly mapping: CrmMapping } | null;
  /** The CRM's fields and samples as they were last read; null = the policy maps no CRM. */
  readonly crmView: CrmView | null;
  readonly syncState: () => SyncState | null;
  readonly dependencies: () => Promise<readonly Dependency[]>;
  readonly simulating: () => Promise<boolean>;
  /** The service was started so that it simulates, whatever the switch says. */
  readonly simulatingForced: boolean;
  /** Everything `check` says about this installation. */
  readonly check: () => Promise<readonly CheckLine[]>;
  /** New work is in the inbox. */
  readonly wake: () => void;
  /** null = not set up. */
  readonly identity: IdentityProvider | null;
  /** Address under which browsers reach us, without a trailing slash; null = loopback only. */
  readonly publicUrl: string | null;
  /** Id of our app in the help desk; null = not installed. */
  readonly appId: string | null;
  /** Folder of the built pages; there may be nothing in it. */
  readonly pages: string;
  /** Everything the linter says; the same text again costs nothing, for it is shown with every first screen. */
  readonly lint: (yaml: string) => PolicyRead;
  /** What the schema says of a key; null = it knows none. */
  readonly policyHelp: (path: EditPath) => KeyHelp | null;
  /** Running SLA clocks, asked for at most every half minute. */
  readonly clocks: () => Promise<RunningClocks>;
  /** The two headline numbers, at most a minute old: counting them takes a fifth of a second. */
  readonly coverage: () => Promise<Coverage>;
  /** The same over the last week. */
  readonly recentCoverage: () => Promise<Coverage>;
  /**
   * The text of a report or review, null = there is nothing to tell of; asked again within seconds under the same key it is
   * the same text.
   * @throws TryAgain too many are being made. @throws StoreUnavailable
   */
  readonly reports: (key: string, order: ReportOrder | ReviewOrder) => Promise<string | null>;
  /** The wizard's surroundings. */
  readonly setUp: SetUpParts;
  /** A new random secret, 256 bits as text that fits into an address. */
  readonly secret: () => string;
}
