/** Made from the API's description by test/console/api-types.ts; do not edit. */

export interface Api {
  "get /sign-in": {
    params: {};
    query: {};
    body: null;
    answer: SignInWays;
  };
  "post /session": {
    params: {};
    query: {};
    body: {
      token: string;
    };
    answer: Done;
  };
  "get /session": {
    params: {};
    query: {};
    body: null;
    answer: Session;
  };
  "delete /session": {
    params: {};
    query: {};
    body: null;
    answer: Done;
  };
  "get /overview": {
    params: {};
    query: {};
    body: null;
    answer: Overview;
  };
  "get /check": {
    params: {};
    query: {};
    body: null;
    answer: LastCheck;
  };
  "post /check": {
    params: {};
    query: {};
    body: null;
    answer: LastCheck;
  };
  "get /switches": {
    params: {};
    query: {};
    body: null;
    answer: Switches;
  };
  "post /pause": {
    params: {};
    query: {};
    body: null;
    answer: Switches;
  };
  "post /resume": {
    params: {};
    query: {};
    body: null;
    answer: Switches;
  };
  "put /simulate": {
    params: {};
    query: {};
    body: {
      on: boolean;
    };
    answer: Switches;
  };
  "get /guard": {
    params: {};
    query: {};
    body: null;
    answer: HeldRuns;
  };
  "post /guard/{runId}/approve": {
    params: {
      runId: string;
    };
    query: {};
    body: null;
    answer: GuardDecided;
  };
  "post /guard/{runId}/reject": {
    params: {
      runId: string;
    };
    query: {};
    body: null;
    answer: GuardDecided;
  };
  "get /decisions": {
    params: {};
    query: {
      cursor?: string;
      limit?: number;
      ticket?: string;
      account?: string;
      tier?: string;
      state?: "intended" | "written" | "left" | "simulated";
      /**
       * Only where the SLA is not as promised
       */
      unverified?: string;
    };
    body: null;
    answer: DecisionPage;
  };
  "get /decisions/{id}": {
    params: {
      id: string;
    };
    query: {};
    body: null;
    answer: DecisionStory;
  };
  "get /tickets/{id}": {
    params: {
      id: string;
    };
    query: {};
    body: null;
    answer: TicketStory;
  };
  "get /deliveries/parked": {
    params: {};
    query: {};
    body: null;
    answer: ParkedList;
  };
  "post /deliveries/replay": {
    params: {};
    query: {};
    body: {
      id: string | null;
    };
    answer: Replayed;
  };
  "get /undo/tickets": {
    params: {};
    query: {
      /**
       * Tickets, from the newest write
       */
      last: number;
    };
    body: null;
    answer: UndoTold;
  };
  "post /undo/tickets": {
    params: {};
    query: {};
    body: {
      last: number;
      /**
       * `since` of the preview that was looked at
       */
      since: string;
    };
    answer: UndoTold;
  };
  "get /promises": {
    params: {};
    query: {};
    body: null;
    answer: Promises;
  };
  "get /promises/month": {
    params: {};
    query: {};
    body: null;
    answer: PromiseMonth;
  };
  "get /reports": {
    params: {};
    query: {};
    body: null;
    answer: ReportList;
  };
  "post /reports": {
    params: {};
    query: {};
    body: {
      ticketId: string;
      note: string;
    };
    answer: Reported;
  };
  "get /reports/{name}": {
    params: {
      name: string;
    };
    query: {
      /**
       * First day; left out = the report's usual days before the end, mostly 90
       */
      since?: string;
      /**
       * Day the window ends with its beginning; left out = now
       */
      until?: string;
      /**
       * IANA zone in which days begin; left out = the policy's
       */
      zone?: string;
      /**
       * For capacity: doors moved on paper, `TIER=ARR` in the base currency, several with commas
       */
      enter?: string;
    };
    body: null;
    answer: ReportFigures;
  };
  "get /reports/{name}/shown": {
    params: {
      name: string;
    };
    query: {
      /**
       * First day; left out = the report's usual days before the end, mostly 90
       */
      since?: string;
      /**
       * Day the window ends with its beginning; left out = now
       */
      until?: string;
      /**
       * IANA zone in which days begin; left out = the policy's
       */
      zone?: string;
      /**
       * For capacity: doors moved on paper, `TIER=ARR` in the base currency, several with commas
       */
      enter?: string;
    };
    body: null;
    answer: ReportShown;
  };
  "get /reports/{name}/file": {
    params: {
      name: string;
    };
    query: {
      /**
       * First day; left out = the report's usual days before the end, mostly 90
       */
      since?: string;
      /**
       * Day the window ends with its beginning; left out = now
       */
      until?: string;
      /**
       * IANA zone in which days begin; left out = the policy's
       */
      zone?: string;
      /**
       * For capacity: doors moved on paper, `TIER=ARR` in the base currency, several with commas
       */
      enter?: string;
      /**
       * A page that needs nothing else, or a table
       */
      format: "html" | "csv";
    };
    body: null;
    answer: null;
  };
  "get /notices": {
    params: {};
    query: {
      cursor?: string;
      limit?: number;
      /**
       * unknown: it left and no answer came, so it is not sent again; lapsed: not worth sending any more; parked: waits for a person
       */
      state?: "waiting" | "sending" | "told" | "unknown" | "parked" | "lapsed" | "simulated";
    };
    body: null;
    answer: NoticePage;
  };
  "post /notices/retry": {
    params: {};
    query: {};
    body: null;
    answer: NoticesAgain;
  };
  "get /tiers": {
    params: {};
    query: {};
    body: null;
    answer: TierLoads;
  };
  "get /customers": {
    params: {};
    query: {
      cursor?: string;
      limit?: number;
      text?: string;
      tier?: string;
      basis?: string;
    };
    body: null;
    answer: CustomerPage;
  };
  "get /customers/{id}": {
    params: {
      id: string;
    };
    query: {};
    body: null;
    answer: CustomerStory;
  };
  "get /movements": {
    params: {};
    query: {};
    body: null;
    answer: Movements;
  };
  "get /reviews": {
    params: {};
    query: {};
    body: null;
    answer: ReviewList;
  };
  "post /reports/{id}/close": {
    params: {
      id: string;
    };
    query: {};
    body: null;
    answer: Done;
  };
  "get /customers/{id}/sla": {
    params: {
      id: string;
    };
    query: {
      /**
       * html is made to be printed
       */
      format?: "html" | "markdown";
    };
    body: null;
    answer: null;
  };
  "get /customers/{id}/review": {
    params: {
      id: string;
    };
    query: {
      /**
       * First day; left out = the report's usual days before the end, mostly 90
       */
      since?: string;
      /**
       * Day the window ends with its beginning; left out = now
       */
      until?: string;
      /**
       * html is made to be printed
       */
      format?: "html" | "markdown";
      /**
       * internal: causes from our records and cost to serve, for administrators
       */
      variant?: "customer" | "internal";
    };
    body: null;
    answer: null;
  };
  "get /overrides": {
    params: {};
    query: {
      account?: string;
      history?: string;
    };
    body: null;
    answer: OverrideList;
  };
  "post /overrides": {
    params: {};
    query: {};
    body: {
      accountId: string;
      kind: "pin" | "floor" | "cap";
      tier: string;
      reason: string;
      starts?: string | null;
      /**
       * Last day, or a moment with its offset
       */
      expires: string;
    };
    answer: Override;
  };
  "post /overrides/{id}/end": {
    params: {
      id: string;
    };
    query: {};
    body: null;
    answer: Done;
  };
  "get /tickets/{id}/sidebar": {
    params: {
      id: string;
    };
    query: {
      /**
       * For tickets that are not decided yet
       */
      organization?: string;
    };
    body: null;
    answer: TicketSidebar;
  };
  "get /organizations/{id}/sidebar": {
    params: {
      id: string;
    };
    query: {};
    body: null;
    answer: OrganizationSidebar;
  };
  "post /tickets/{id}/escalate": {
    params: {
      id: string;
    };
    query: {};
    body: null;
    answer: Escalation;
  };
  "get /policy": {
    params: {};
    query: {};
    body: null;
    answer: PolicyText;
  };
  "get /policy/versions": {
    params: {};
    query: {};
    body: null;
    answer: PolicyVersions;
  };
  "get /policy/versions/{version}": {
    params: {
      version: string;
    };
    query: {};
    body: null;
    answer: PolicyVersion;
  };
  "get /policy/diff": {
    params: {};
    query: {
      from: string;
      to: string;
    };
    body: null;
    answer: PolicyDiff;
  };
  "post /policy/lint": {
    params: {};
    query: {};
    body: {
      yaml: string;
    };
    answer: Linted;
  };
  "post /policy/preview": {
    params: {};
    query: {};
    body: {
      yaml: string;
    };
    answer: PolicyPreview;
  };
  "post /policy/publish": {
    params: {};
    query: {};
    body: {
      yaml: string;
      /**
       * Version the draft was made from
       */
      base: string;
    };
    answer: Published;
  };
  "post /policy/roll-back": {
    params: {};
    query: {};
    body: {
      version: string;
      base: string;
    };
    answer: Published;
  };
  "post /policy/form": {
    params: {};
    query: {};
    body: {
      yaml: string;
    };
    answer: PolicyForm;
  };
  "post /policy/form/change": {
    params: {};
    query: {};
    body: {
      yaml: string;
      /**
       * Place in the text, from 0
       */
      tier: number;
      key:
        | "name"
        | "plans"
        | "addons"
        | "arr_enter"
        | "arr_exit"
        | "priority_default"
        | "priority_floor"
        | "priority_ceiling"
        | "group"
        | "sla_policy"
        | "after_hours_priorities"
        | "after_hours_group";
      /**
       * Empty = take it out
       */
      value: string[];
    };
    answer: PolicyForm;
  };
  "post /policy/help": {
    params: {};
    query: {};
    body: {
      yaml: string;
      /**
       * Characters before the cursor
       */
      at: number;
    };
    answer: PolicyKeyHelp;
  };
  "get /crm/fields": {
    params: {};
    query: {};
    body: null;
    answer: CrmFields;
  };
  "get /crm/samples": {
    params: {};
    query: {
      /**
       * Names, separated by commas, at most 50
       */
      fields: string;
    };
    body: null;
    answer: CrmSamples;
  };
  "get /crm/values": {
    params: {};
    query: {
      property: string;
    };
    body: null;
    answer: CrmValues;
  };
  "post /crm/draft": {
    params: {};
    query: {};
    body: {
      yaml: string;
      /**
       * By the policy file's key
       */
      facts: {
        [k: string]: {
          /**
           * null = not mapped; domains: several, by commas
           */
          property: string | null;
          currency?: string | null;
          currencyProperty?: string | null;
        };
      };
      /**
       * Plan in the CRM → tier id
       */
      planMap: {
        [k: string]: string;
      };
    };
    answer: MappingDraft;
  };
  "post /crm/preview": {
    params: {};
    query: {};
    body: {
      yaml: string;
    };
    answer: MappingPreview;
  };
  "get /setup": {
    params: {};
    query: {};
    body: null;
    answer: SetUp;
  };
  "get /setup/first-policy": {
    params: {};
    query: {};
    body: null;
    answer: FirstPolicy;
  };
  "get /setup/plan": {
    params: {};
    query: {
      adopt?: "never" | "when_needed";
    };
    body: null;
    answer: ProvisionPlan;
  };
  "post /setup/apply": {
    params: {};
    query: {};
    body: {
      adopt: "never" | "when_needed";
      /**
       * Of the plan that was looked at
       */
      digest: string;
      /**
       * Simulate tickets from before the first step on
       */
      simulate: boolean;
    };
    answer: SetUp;
  };
  "post /setup/canary": {
    params: {};
    query: {};
    body: {
      /**
       * In whose name the test ticket is made
       */
      requester?: string;
    };
    answer: SetUp;
  };
  "get /openapi.json": {
    params: {};
    query: {};
    body: null;
    answer: {
      [k: string]: unknown;
    };
  };
}
export interface SignInWays {
  link: true;
  oidc: {
    name: string;
    start: string;
  } | null;
}
export interface Done {
  ok: true;
}
export interface Session {
  email: string;
  /**
   * agent reads, admin also changes
   */
  role: "agent" | "admin";
  how: "link" | "oidc" | "zendesk";
  /**
   * ISO 8601, UTC
   */
  expiresAt: string;
  idleMinutes: number;
  helpDesk: {
    name: string;
    url: string;
  } | null;
  /**
   * POLICY_FILE is set: drafts can only be downloaded
   */
  policyReadOnly: boolean;
  timezone: string;
  /**
   * false = answers leave out ARR and other money
   */
  seesMoney: boolean;
}
export interface Overview {
  /**
   * ISO 8601, UTC
   */
  at: string;
  helpDesk: Side;
  crm: Side | null;
  ready: {
    name: string;
    ok: boolean;
    detail: string;
  }[];
  switches: Switches;
  queue: {
    pending: number;
    parked: number;
    oldestPendingSeconds: number | null;
  };
  policy: {
    version: string;
    effectiveFrom: string | null;
    readOnly: boolean;
    file: string | null;
    findings: Finding[];
    /**
     * Sections that differ from what the running service connected with
     */
    restartNeeded: string[];
  };
  /**
   * SLA lines of the last check
   */
  slaOrder: {
    checkedAt: string | null;
    lines: CheckLine[];
  };
  guard: {
    runId: string;
    /**
     * ISO 8601, UTC
     */
    heldSince: string;
    records: number;
    reason: string;
  }[];
  tickets: {
    days: number;
    tied: Share;
    attached: Share1;
    /**
     * The same over the last days alone
     */
    recent: {
      days: number;
      tied: Share2;
      attached: Share2;
    };
  };
  openReports: number;
  /**
   * The last 50
   */
  decisions: DecisionRow[];
}
export interface Side {
  name: string;
  state: "ok" | "trouble" | "unknown";
  detail: string;
  lastSuccessAt: string | null;
  /**
   * Since start, by kind of call
   */
  calls: {
    [k: string]: number;
  };
  /**
   * What we may use of the upstream's limit, and what is left of it; null = not told
   */
  budget: {
    limit: number;
    remaining: number;
    per: "minute" | "day";
    resetsAt: string | null;
  } | null;
}
export interface Switches {
  pausedSince: string | null;
  simulating: boolean;
  /**
   * The service was started with --simulate or --setup
   */
  simulatingForced: boolean;
}
export interface Finding {
  code: string;
  severity: "error" | "warning";
  path: string;
  message: string;
  fix: string;
}
export interface CheckLine {
  area: string;
  name: string;
  state: "ok" | "warn" | "fail";
  detail: string;
  fix: string | null;
}
/**
 * Tickets tied to an account
 */
export interface Share {
  part: number;
  whole: number;
}
/**
 * Tickets with a promise whose right SLA is attached
 */
export interface Share1 {
  part: number;
  whole: number;
}
/**
 * Not a percentage: both numbers, so that few cannot pass for many
 */
export interface Share2 {
  part: number;
  whole: number;
}
export interface DecisionRow {
  id: string;
  /**
   * Counts up; Last-Event-ID of live updates
   */
  seq: number;
  ticketId: string;
  account: AccountRef | null;
  event: string;
  /**
   * ISO 8601, UTC
   */
  decidedAt: string;
  /**
   * ISO 8601, UTC
   */
  asOf: string;
  state: "intended" | "written" | "left" | "simulated";
  outcome: string;
  tier: Tier | null;
  before: TicketImage;
  after: TicketImage;
  firstReplyDueAt: string | null;
  slaPolicy: string | null;
  verification: Verification | null;
  reasons: Reason[];
  /**
   * From the ticket's event to the decision
   */
  ms: number | null;
}
export interface AccountRef {
  id: string;
  name: string | null;
}
export interface Tier {
  id: string;
  name: string;
  rank: number | null;
}
export interface TicketImage {
  priority: string | null;
  prioritySetBy: ("none" | "agent" | "requester" | "automation") | null;
  group: string | null;
  tags: string[];
}
export interface Verification {
  /**
   * ISO 8601, UTC
   */
  at: string;
  ok: boolean;
  code: string;
  detail: string;
  fix: string | null;
}
export interface Reason {
  code: string;
  /**
   * The sentence in English
   */
  words: string;
  /**
   * The sentence in any language: reason.grant_plan, flag.grace, …
   */
  text: string;
  /**
   * What the sentence names: tier = a tier's name, what = a status or a fact
   */
  args: {
    [k: string]: string;
  };
}
export interface LastCheck {
  at: string | null;
  ok: boolean | null;
  lines: CheckLine[];
}
export interface HeldRuns {
  runs: HeldRun[];
}
export interface HeldRun {
  runId: string;
  source: string;
  /**
   * ISO 8601, UTC
   */
  heldSince: string;
  codes: string[];
  reason: string;
  records: number;
  arr: Money[];
  demotions: {
    account: AccountRef;
    from: Tier;
    to: Tier;
    arr: Money | null;
    /**
     * Account whose record changed or is gone
     */
    because: string;
    change: "facts" | "gone";
  }[];
}
/**
 * Exact decimal text with its currency; null currency = not known
 */
export interface Money {
  amount: string;
  currency: string | null;
}
export interface GuardDecided {
  runId: string;
  decided: "approved" | "rejected";
  by: string;
  records: number;
}
export interface DecisionPage {
  decisions: DecisionRow[];
  /**
   * Value for `cursor`; null = last page
   */
  next: string | null;
}
export interface DecisionStory {
  id: string;
  /**
   * Counts up; Last-Event-ID of live updates
   */
  seq: number;
  ticketId: string;
  account: AccountRef | null;
  event: string;
  /**
   * ISO 8601, UTC
   */
  decidedAt: string;
  /**
   * ISO 8601, UTC
   */
  asOf: string;
  state: "intended" | "written" | "left" | "simulated";
  outcome: string;
  tier: Tier | null;
  before: TicketImage;
  after: TicketImage;
  firstReplyDueAt: string | null;
  slaPolicy: string | null;
  verification: Verification | null;
  reasons: Reason[];
  /**
   * From the ticket's event to the decision
   */
  ms: number | null;
  policyVersion: string;
  basis: string | null;
  basisWords: string | null;
  basisSaid: {
    /**
     * The sentence in English
     */
    words: string;
    /**
     * The sentence in any language: reason.grant_plan, flag.grace, …
     */
    text: string;
    /**
     * What the sentence names: tier = a tier's name, what = a status or a fact
     */
    args: {
      [k: string]: string;
    };
  } | null;
  flags: Reason[];
  due: Due[];
  facts: FactUsed[];
  /**
   * When the CRM last confirmed the facts shown; null = never
   */
  factsAt: string | null;
  keyword: string | null;
  followersAdded: string[];
}
export interface Due {
  metric: string;
  minutes: number | null;
  clock: string | null;
  dueAt: string | null;
}
export interface FactUsed {
  accountId: string;
  fact: string;
  words: string;
  value: string;
  confirmedAt: string | null;
}
export interface TicketStory {
  ticketId: string;
  url: string | null;
  decisions: DecisionStory[];
}
export interface ParkedList {
  total: number;
  parked: ParkedDelivery[];
}
export interface ParkedDelivery {
  id: string;
  kind: "ticket" | "accounts";
  ticketId: string | null;
  accountIds: string[];
  /**
   * ISO 8601, UTC
   */
  receivedAt: string;
  attempts: number;
  reason: string;
  fix: string;
}
export interface Replayed {
  replayed: number;
}
export interface UndoTold {
  /**
   * Decision of the oldest of them; null = nothing was written yet
   */
  since: string | null;
  /**
   * Run that put it back; null = only looked
   */
  undoRunId: string | null;
  undone: {
    what: string;
    did: string;
  }[];
  /**
   * Changed by people since, or not to be put back
   */
  left: {
    what: string;
    why: string;
    fix: string | null;
  }[];
  failed: {
    what: string;
    why: string;
    fix: string | null;
  }[];
  /**
   * Tickets that were as before already
   */
  already: number;
  /**
   * Not written again until facts or policy change
   */
  onHold: number;
}
export interface Promises {
  /**
   * ISO 8601, UTC
   */
  at: string;
  /**
   * When the help desk told its clocks
   */
  clocksAt: string;
  /**
   * Tickets whose clocks were asked for: the newest with a promise
   */
  looked: number;
  /**
   * false = there are more tickets than were looked at
   */
  complete: boolean;
  /**
   * Part of a target that has to have passed, 0–1
   */
  atRiskFrom: number;
  /**
   * The next to be late first
   */
  clocks: RunningClock[];
  /**
   * The highest first
   */
  tiers: TierPromise[];
  /**
   * Tickets of those looked at, by what their decision says
   */
  signs: {
    /**
     * Went to a fallback: too much waited, or nobody was there
     */
    overflow: number;
    /**
     * Went to the group for after hours
     */
    afterHours: number;
    /**
     * No group could take it
     */
    unavailable: number;
    /**
     * Priority raised for a listed phrase
     */
    raised: number;
    /**
     * Priority asked for stands above the tier's ceiling
     */
    capped: number;
  };
}
export interface RunningClock {
  ticketId: string;
  url: string;
  account: AccountRef | null;
  tier: Tier;
  priority: string | null;
  metric: "first_reply" | "next_reply" | "resolution";
  slaPolicy: string;
  /**
   * ISO 8601, UTC
   */
  dueAt: string;
  /**
   * Minutes the SLA policy gives; null = it gives none
   */
  minutes: number | null;
  /**
   * Part of the target that has passed, by the target's own hours, 0–1; null = not known
   */
  used: number | null;
  state: "late" | "at risk" | "running";
}
export interface TierPromise {
  tier: Tier;
  running: number;
  atRisk: number;
  late: number;
  attached: Share3;
  accounts: number;
  /**
   * Accounts the tier takes; null = no limit
   */
  cap: number | null;
  /**
   * Accounts that wait for room
   */
  waiting: number;
}
/**
 * Not a percentage: both numbers, so that few cannot pass for many
 */
export interface Share3 {
  part: number;
  whole: number;
}
export interface PromiseMonth {
  /**
   * ISO 8601, UTC
   */
  from: string;
  /**
   * ISO 8601, UTC
   */
  until: string;
  /**
   * Zone in which the month began: the policy's
   */
  timezone: string;
  tickets: number;
  /**
   * How far the help desk's events are in; null = not at all
   */
  through: string | null;
  /**
   * Share of targets that shall be met, 0–1
   */
  objective: number;
  /**
   * With fewer there is no percentage
   */
  minTargets: number;
  /**
   * The highest tier first
   */
  rows: KeptPromise[];
}
export interface KeptPromise {
  tier: Tier;
  metric: "first_reply" | "next_reply" | "resolution";
  met: number;
  /**
   * Too late, and open past the target
   */
  missed: number;
  /**
   * Of the missed ones those that are still open
   */
  openLate: number;
  /**
   * 0–1; null = too few to say
   */
  share: number | null;
  low: number | null;
  high: number | null;
  verdict: "met" | "met_not_proven" | "missed" | "too_few";
  /**
   * Part of the allowed misses used up, 1 = all; null = too few
   */
  burnt: number | null;
  /**
   * Misses that the objective allows among so many
   */
  allowed: number | null;
}
export interface ReportList {
  reports: ReportKind[];
}
export interface ReportKind {
  name: string;
  /**
   * The question it answers
   */
  answers: string;
  /**
   * Length of a window whose beginning is left out
   */
  usualDays: number;
}
export interface Reported {
  id: string;
}
/**
 * The same as `priority-support report NAME --format json`
 */
export interface ReportFigures {
  frame: ReportFrame;
  [k: string]: unknown;
}
export interface ReportFrame {
  name: string;
  title: string;
  /**
   * ms since 1970, half-open
   */
  window: {
    from: number;
    until: number;
  };
  timezone: string;
  madeAt: number;
  /**
   * How far the help desk's events are in; null = not at all
   */
  through: number | null;
  tickets: number;
  leftOut: {
    reason: string;
    tickets: number;
  }[];
  notes: string[];
}
export interface ReportShown {
  name: string;
  title: string;
  /**
   * Window, clock, n and what was left out
   */
  about: string[];
  tickets: number;
  through: number | null;
  /**
   * The answer, before any table
   */
  lead: (
    | string
    | {
        text: string;
        tone: "good" | "bad" | "doubt" | "quiet";
      }
  )[];
  parts: ReportPart[];
  notes: string[];
}
export interface ReportPart {
  id: string;
  title: string;
  about: string;
  plot: ReportPlot | null;
  weeks: ReportWeek[];
  table: {
    head: string[];
    /**
     * Columns that hold figures, by index
     */
    figures: number[];
    rows: (
      | string
      | {
          text: string;
          tone: "good" | "bad" | "doubt" | "quiet";
        }
    )[][];
    empty: string;
    /**
     * Column whose cells lead somewhere, and each row's place in the console
     */
    links: {
      column: number;
      paths: (string | null)[];
    } | null;
  };
}
/**
 * Points with their ranges on one scale, a line for every row
 */
export interface ReportPlot {
  title: string;
  scale: {
    from: number;
    to: number;
    logarithmic: boolean;
    ticks: {
      at: number;
      label: string;
    }[];
  };
  lines: {
    at: number;
    label: string;
  }[];
  rows: {
    label: string;
    point: number;
    low: number;
    high: number;
    note: string;
    tone: "good" | "bad" | "doubt" | "quiet";
  }[];
}
export interface ReportWeek {
  title: string;
  /**
   * 168, from Monday 00:00 on
   */
  hours: {
    tone: "good" | "bad" | "doubt" | "quiet";
    text: string;
  }[];
  legend: {
    tone: "good" | "bad" | "doubt" | "quiet";
    text: string;
  }[];
}
export interface NoticePage {
  notices: Notice[];
  counts: {
    [k: string]: number;
  };
  /**
   * Value for `cursor`; null = last page
   */
  next: string | null;
}
export interface Notice {
  /**
   * The same thing has the same key
   */
  key: string;
  kind: "clock" | "health" | "capacity" | "differentiation" | "entitlement" | "digest" | "review" | "trouble";
  /**
   * E-mail address of a person, or name of a channel
   */
  addressee: string;
  way: "slack" | "email" | "webhook";
  /**
   * unknown: it left and no answer came, so it is not sent again; lapsed: not worth sending any more; parked: waits for a person
   */
  state: "waiting" | "sending" | "told" | "unknown" | "parked" | "lapsed" | "simulated";
  title: string;
  ticketId: string | null;
  accountId: string | null;
  /**
   * ISO 8601, UTC
   */
  recordedAt: string;
  /**
   * When it was told or given up; null = not yet
   */
  endedAt: string | null;
  attempts: number;
  reason: string;
}
export interface NoticesAgain {
  again: number;
}
export interface TierLoads {
  total: number;
  tiers: TierLoad[];
}
export interface TierLoad {
  tier: Tier;
  accounts: number;
  byBasis: {
    basis: string;
    /**
     * The sentence in English
     */
    words: string;
    /**
     * The sentence in any language: reason.grant_plan, flag.grace, …
     */
    text: string;
    /**
     * What the sentence names: tier = a tier's name, what = a status or a fact
     */
    args: {
      [k: string]: string;
    };
    accounts: number;
  }[];
  cap: number | null;
  /**
   * Accounts that wait for room in this tier
   */
  waiting: number;
}
export interface CustomerPage {
  customers: CustomerRow[];
  /**
   * Value for `cursor`; null = last page
   */
  next: string | null;
}
export interface CustomerRow {
  account: AccountRef;
  tier: Tier | null;
  basis: string | null;
  basisWords: string | null;
  basisSaid: {
    /**
     * The sentence in English
     */
    words: string;
    /**
     * The sentence in any language: reason.grant_plan, flag.grace, …
     */
    text: string;
    /**
     * What the sentence names: tier = a tier's name, what = a status or a fact
     */
    args: {
      [k: string]: string;
    };
  } | null;
  arr: Money | null;
  status: string;
  contractEnd: string | null;
  organizationId: string | null;
  /**
   * When the CRM last confirmed the facts shown; null = never
   */
  factsAt: string | null;
}
export interface CustomerStory {
  account: AccountRef;
  tier: Tier | null;
  basis: string | null;
  basisWords: string | null;
  basisSaid: {
    /**
     * The sentence in English
     */
    words: string;
    /**
     * The sentence in any language: reason.grant_plan, flag.grace, …
     */
    text: string;
    /**
     * What the sentence names: tier = a tier's name, what = a status or a fact
     */
    args: {
      [k: string]: string;
    };
  } | null;
  arr: Money | null;
  status: string;
  contractEnd: string | null;
  organizationId: string | null;
  /**
   * When the CRM last confirmed the facts shown; null = never
   */
  factsAt: string | null;
  source: string;
  sourceId: string;
  organization: {
    id: string;
    name: string;
    url: string | null;
  } | null;
  facts: Fact[];
  reasons: Reason[];
  flags: Reason[];
  factsUsed: FactUsed[];
  asOf: string | null;
  /**
   * First sight of a lower tier while this one is kept
   */
  lowerSince: string | null;
  waitlisted: Tier[];
  /**
   * Parent and subsidiaries, at most 50
   */
  family: CustomerRow[];
  overrides: Override[];
  reviews: ReviewItem[];
  /**
   * New facts wait for a person under this run
   */
  heldRunId: string | null;
  /**
   * The last 20
   */
  decisions: DecisionRow[];
  /**
   * The last 50
   */
  writes: SyncWrite[];
}
export interface Fact {
  name: string;
  words: string;
  value: string;
}
export interface Override {
  id: string;
  account: AccountRef;
  kind: "pin" | "floor" | "cap";
  tier: Tier;
  reason: string;
  approvedBy: string;
  /**
   * ISO 8601, UTC
   */
  createdAt: string;
  startsAt: string | null;
  expiresAt: string | null;
  endedAt: string | null;
  endedBy: string | null;
  /**
   * Those of the policy file are read-only here
   */
  from: "store" | "policy file";
  state: "not yet" | "in force" | "over";
}
export interface ReviewItem {
  account: AccountRef;
  code: string;
  /**
   * The sentence in English
   */
  words: string;
  /**
   * The sentence in any language: reason.grant_plan, flag.grace, …
   */
  text: string;
  /**
   * What the sentence names: tier = a tier's name, what = a status or a fact
   */
  args: {
    [k: string]: string;
  };
  detail: string;
  /**
   * ISO 8601, UTC
   */
  since: string;
}
export interface SyncWrite {
  /**
   * ISO 8601, UTC
   */
  at: string;
  target: "organization" | "company";
  targetId: string;
  state: "intended" | "written" | "failed" | "simulated";
  reason: string;
  policyVersion: string;
  fields: {
    name: string;
    before: string | null;
    after: string | null;
  }[];
}
export interface Movements {
  from: string;
  to: string;
  movements: Movement[];
  /**
   * Accounts that were worked out
   */
  looked: number;
  /**
   * false = there are more accounts than were looked at
   */
  complete: boolean;
}
export interface Movement {
  account: AccountRef;
  on: string;
  from: Tier;
  to: Tier;
  direction: "up" | "down";
  arr: Money | null;
  reasons: Reason[];
}
export interface ReviewList {
  items: ReviewItem[];
  /**
   * Above the default tier, no organization
   */
  paidNotServed: CustomerRow[];
  servedNotPaid: {
    organizationId: string;
    name: string;
    tier: Tier;
    url: string | null;
  }[];
  /**
   * "Wrong tier?" of agents
   */
  reports: TierReport[];
  minItems?: 0;
}
export interface TierReport {
  id: string;
  ticketId: string;
  account: AccountRef | null;
  note: string;
  reportedBy: string;
  /**
   * ISO 8601, UTC
   */
  at: string;
}
export interface OverrideList {
  overrides: Override[];
}
export interface TicketSidebar {
  /**
   * ISO 8601, UTC
   */
  at: string;
  ticketId: string;
  /**
   * false = nothing was decided yet; the tier is the customer's
   */
  known: boolean;
  account: AccountRef | null;
  tier: Tier;
  basisWords: string | null;
  /**
   * null = no first reply is promised
   */
  due: {
    metric: string;
    /**
     * ISO 8601, UTC
     */
    dueAt: string;
    minutesLeft: number;
    /**
     * null = not replied, or the help desk has not told
     */
    repliedAt: string | null;
    inTime: boolean | null;
  } | null;
  slaAttached: boolean | null;
  reasons: Reason[];
  warnings: Reason[];
  /**
   * When the CRM last confirmed the facts shown; null = never
   */
  factsAt: string | null;
  factsAgeMinutes: number | null;
  people: {
    tam: string | null;
    /**
     * The tier includes a shared channel
     */
    slackChannel: boolean;
    /**
     * https address the CRM states; null = none
     */
    slackUrl: string | null;
    /**
     * Addresses of those who may raise tickets; empty = the CRM lists nobody
     */
    contacts: string[];
  };
  /**
   * This account's other open tickets, at most 10
   */
  tickets: OtherTicket[];
  health: AccountHealth | null;
}
export interface OtherTicket {
  ticketId: string;
  url: string | null;
  /**
   * ISO 8601, UTC
   */
  decidedAt: string;
  tier: Tier;
  priority: string | null;
  /**
   * As the help desk told last; null = not told yet
   */
  status: string | null;
  firstReplyDueAt: string | null;
  /**
   * late = too late, or still open past its time; null = not asked, or not told
   */
  firstReply: ("kept" | "late" | "running") | null;
  slaAttached: boolean | null;
}
export interface AccountHealth {
  /**
   * 0–100; null = too little is known
   */
  score: number | null;
  colour: "green" | "amber" | "red" | "unknown";
  /**
   * Tickets of the last 90 days that count
   */
  tickets: number;
  /**
   * What somebody must look at, urgent ones first
   */
  alerts: string[];
}
export interface OrganizationSidebar {
  /**
   * ISO 8601, UTC
   */
  at: string;
  organizationId: string;
  account: AccountRef | null;
  tier: Tier;
  basis: string | null;
  basisWords: string | null;
  basisSaid: {
    /**
     * The sentence in English
     */
    words: string;
    /**
     * The sentence in any language: reason.grant_plan, flag.grace, …
     */
    text: string;
    /**
     * What the sentence names: tier = a tier's name, what = a status or a fact
     */
    args: {
      [k: string]: string;
    };
  } | null;
  /**
   * Only for admins, or where the policy copies it to the desk
   */
  arr: Money | null;
  contract: {
    start: string | null;
    end: string | null;
    renewalInProgress: boolean;
  } | null;
  reasons: Reason[];
  warnings: Reason[];
  /**
   * When the CRM last confirmed the facts shown; null = never
   */
  factsAt: string | null;
  factsAgeMinutes: number | null;
  people: {
    tam: string | null;
    /**
     * The tier includes a shared channel
     */
    slackChannel: boolean;
    /**
     * https address the CRM states; null = none
     */
    slackUrl: string | null;
    /**
     * Addresses of those who may raise tickets; empty = the CRM lists nobody
     */
    contacts: string[];
  };
  overrides: Override[];
  /**
   * Changes of the tier, newest first; at most 20
   */
  history: {
    /**
     * ISO 8601, UTC
     */
    at: string;
    from: Tier | null;
    to: Tier;
  }[];
  tickets: OtherTicket[];
  health: AccountHealth | null;
  attainment: {
    promised: number;
    attached: number;
    days: number;
    /**
     * Targets of the account's tickets of the last `days` days
     */
    targets: {
      metric: "first_reply" | "next_reply" | "resolution";
      kept: number;
      /**
       * Open ones past their time included
       */
      late: number;
      running: number;
    }[];
    /**
     * How far the help desk's events are in; null = not yet
     */
    factsThrough: string | null;
  };
}
export interface Escalation {
  macroId: string;
  title: string;
  note: string;
  tags: string[];
}
export interface PolicyText {
  version: string;
  yaml: string;
  hash: string;
  effectiveFrom: string | null;
  readOnly: boolean;
  /**
   * nowhere = there is none yet
   */
  from: "file" | "console" | "nowhere";
  findings: Finding[];
  /**
   * false = it begins later
   */
  inForce: boolean;
  tiers: Tier[];
}
export interface PolicyVersions {
  versions: {
    version: string;
    effectiveFrom: string | null;
    /**
     * ISO 8601, UTC
     */
    storedAt: string;
    current: boolean;
  }[];
}
export interface PolicyVersion {
  version: string;
  yaml: string;
  effectiveFrom: string | null;
  /**
   * ISO 8601, UTC
   */
  storedAt: string;
}
export interface PolicyDiff {
  from: string;
  to: string;
  lines: {
    kind: "same" | "added" | "removed";
    text: string;
  }[];
}
export interface Linted {
  version: string | null;
  findings: Finding[];
  ok: boolean;
}
export interface PolicyPreview {
  version: string | null;
  findings: Finding[];
  /**
   * Worked out
   */
  accounts: number;
  up: {
    count: number;
    arr: Money[];
    accounts: Mover[];
  };
  down: {
    count: number;
    arr: Money[];
    accounts: Mover[];
  };
  tickets: {
    open: number | null;
    note: string;
  };
  cost: {
    /**
     * Calls to the help desk and the CRM
     */
    calls: number;
    /**
     * At the limits of the upstreams
     */
    minutes: number;
  };
  restartNeeded: string[];
}
export interface Mover {
  account: AccountRef;
  from: Tier;
  to: Tier;
  basis: string;
  arr: Money | null;
  /**
   * null = the help desk was not asked
   */
  openTickets: number | null;
}
export interface Published {
  version: string;
  inForce: boolean;
  restartNeeded: string[];
}
export interface PolicyForm {
  yaml: string;
  /**
   * null = the text cannot be read as tiers; the linter says why
   */
  tiers:
    | {
        id: string;
        name: string;
        path: string;
        fields: {
          key:
            | "name"
            | "plans"
            | "addons"
            | "arr_enter"
            | "arr_exit"
            | "priority_default"
            | "priority_floor"
            | "priority_ceiling"
            | "group"
            | "sla_policy"
            | "after_hours_priorities"
            | "after_hours_group";
          /**
           * choice = one of the options; choices = any of them
           */
          kind: "text" | "amount" | "choice" | "choices";
          /**
           * Empty = not written
           */
          value: string[];
          options: string[];
          /**
           * What counts while nothing is written
           */
          usual: string | null;
          help: string;
          /**
           * Findings at these, or below, are about the field
           */
          paths: string[];
        }[];
      }[]
    | null;
}
export interface PolicyKeyHelp {
  /**
   * Empty = on no key
   */
  path: string;
  /**
   * false = the schema knows no such key
   */
  known: boolean;
  description: string;
  options: string[];
  /**
   * As JSON
   */
  usual: string | null;
  /**
   * That can stand below it
   */
  keys: string[];
}
export interface CrmFields {
  /**
   * null = the policy maps no CRM
   */
  source: string | null;
  /**
   * When the CRM last confirmed the facts shown; null = never
   */
  factsAt: string | null;
  /**
   * Why the CRM was not asked anew; null = it was
   */
  trouble: {
    message: string;
    fix: string;
  } | null;
  fields: CrmField[];
  facts: CrmFact[];
  baseCurrency: string;
  tiers: Tier[];
}
export interface CrmField {
  name: string;
  label: string;
  type: string;
  options: {
    value: string;
    label: string;
  }[];
  caution: string | null;
  /**
   * Facts that the policy takes from it
   */
  mappedTo: string[];
}
export interface CrmFact {
  fact: string;
  /**
   * As the policy file calls it
   */
  key: string;
  words: string;
  kind: "text" | "money" | "date" | "yes_no" | "list" | "status" | "domains" | "label";
  /**
   * null = not mapped, or taken from other records
   */
  property: string | null;
  currency: string | null;
  currencyProperty: string | null;
  /**
   * Deals or line items; changed in the policy's text
   */
  fromOtherRecords: boolean;
  mayBeEmpty: boolean;
}
export interface CrmSamples {
  looked: number;
  /**
   * When the CRM last confirmed the facts shown; null = never
   */
  factsAt: string | null;
  /**
   * Why the CRM was not asked anew; null = it was
   */
  trouble: {
    message: string;
    fix: string;
  } | null;
  samples: {
    name: string;
    filled: number;
    looked: number;
    /**
     * Per cent; null = nothing was looked at
     */
    coverage: number | null;
    samples: string[];
  }[];
}
export interface CrmValues {
  property: string;
  /**
   * Records that were read
   */
  looked: number;
  /**
   * Accounts that are known
   */
  total: number;
  blank: number;
  /**
   * When the CRM last confirmed the facts shown; null = never
   */
  factsAt: string | null;
  /**
   * Why the CRM was not asked anew; null = it was
   */
  trouble: {
    message: string;
    fix: string;
  } | null;
  values: {
    value: string;
    accounts: number;
    /**
     * null = plan_map does not name it
     */
    tier: Tier | null;
  }[];
  /**
   * Values that are left out
   */
  more: number;
}
export interface MappingDraft {
  yaml: string;
  version: string | null;
  findings: Finding[];
  ok: boolean;
}
export interface MappingPreview {
  version: string | null;
  findings: Finding[];
  /**
   * Worked out
   */
  accounts: number;
  up: {
    count: number;
    arr: Money[];
    accounts: Mover[];
  };
  down: {
    count: number;
    arr: Money[];
    accounts: Mover[];
  };
  tickets: {
    open: number | null;
    note: string;
  };
  cost: {
    /**
     * Calls to the help desk and the CRM
     */
    calls: number;
    /**
     * At the limits of the upstreams
     */
    minutes: number;
  };
  restartNeeded: string[];
  /**
   * Accounts that are known; `accounts` of them were tried
   */
  total: number;
  unreadable: number;
  /**
   * Facts from other records: tried after a restart
   */
  notTried: string[];
  rows: {
    account: AccountRef;
    plan: string | null;
    arr: Money | null;
    contractEnd: string | null;
    problems: {
      fact: string;
      code: string;
      detail: string;
    }[];
  }[];
}
export interface SetUp {
  mode: "setup" | "serve";
  /**
   * The first that is not done; null = all are
   */
  step: ("credentials" | "policy" | "check" | "apply" | "simulate" | "live" | "canary") | null;
  steps: {
    name: "credentials" | "policy" | "check" | "apply" | "simulate" | "live" | "canary";
    done: boolean;
  }[];
  settings: Setting[];
  policy: {
    version: string;
    from: "file" | "console" | "nowhere";
    /**
     * POLICY_FILE; null = it is not set
     */
    file: string | null;
    tiers: string[];
    errors: number;
    warnings: number;
    restartNeeded: string[];
  };
  check: {
    at: string | null;
    isReached: boolean;
    lines: CheckLine[];
  };
  apply: ApplyState;
  applyBarred: Barred | null;
  switches: Switches;
  /**
   * Simulated decisions among the newest 200
   */
  simulated: number;
  canary: CanaryState | null;
  canaryBarred: Barred | null;
  canaryRequester: string;
}
/**
 * Never with its value
 */
export interface Setting {
  name: string;
  /**
   * What it is and where its value is found
   */
  about: string;
  state: "set" | "missing" | "refused";
  needed: boolean;
  /**
   * NAME_FILE may name a file that holds it
   */
  isSecret: boolean;
  why: string | null;
  fix: string | null;
}
export interface ApplyState {
  state: "never" | "running" | "interrupted" | "unfinished" | "done";
  startedAt: string | null;
  endedAt: string | null;
  by: string | null;
  done: number;
  total: number | null;
  runId: string | null;
  left: {
    what: string;
    why: string;
    fix: string | null;
  }[];
  /**
   * Has the service the webhook's secret? hidden = no; null = not looked at
   */
  secret: ("known" | "written" | "shown" | "hidden") | null;
  /**
   * Policy that was applied to the end; null = none
   */
  applied: {
    version: string;
    /**
     * ISO 8601, UTC
     */
    at: string;
  } | null;
}
/**
 * Why it can not be done now, and what to do
 */
export interface Barred {
  message: string;
  fix: string;
}
export interface CanaryState {
  state: "running" | "passed" | "missed";
  /**
   * ISO 8601, UTC
   */
  at: string;
  by: string;
  ticketId: string | null;
  reached: {
    station: "ticket" | "webhook" | "decision" | "write" | "sla";
    detail: string;
  }[];
  missed: {
    station: "ticket" | "webhook" | "decision" | "write" | "sla";
    detail: string;
    fix: string;
  } | null;
}
export interface FirstPolicy {
  yaml: string;
}
export interface ProvisionPlan {
  digest: string;
  steps: number;
  /**
   * The token's user is no administrator
   */
  barred: boolean;
  blocked: number;
  calls: number;
  minutes: number;
  actions: {
    action: string;
    count: number;
  }[];
  lines: {
    tone: "plain" | "good" | "change" | "bad" | "faint";
    text: string;
  }[];
}
