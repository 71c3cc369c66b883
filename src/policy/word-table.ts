/** Reason codes and flags in plain English. `{tier}` stands for the tier's name, `{what}` for the code's parameter. */

/** Why an account has its tier. */
const ACCOUNT_WORDS = {
  organization_best_tier:
    "The requester belongs to several organizations; the one with the highest tier was chosen.",
  account_matched_by_org: "The ticket's organization belongs to a known customer.",
  account_matched_by_domain: "The requester's mail domain belongs to a known customer.",
  account_unmatched: "No customer was found for this ticket.",
  domain_is_public: "The requester writes from a free-mail address, which says nothing about a company.",
  domain_ambiguous: "Several customers use the requester's mail domain, so none was chosen.",
  requester_unverified: "The requester's address is not verified, so the mail domain was not trusted.",
  default_tier: "Nothing gives this customer a higher tier.",
  fact_unreadable: "The CRM value for {what} cannot be read.",
  contract_dates_invalid: "The contract starts after it ends; both dates were ignored.",
  contract_lapse_grace: "The contract has ended, and its days of grace are running.",
  contract_lapsed: "The contract has ended.",
  contract_not_started: "The contract has not started yet.",
  hierarchy_cycle: "The parent companies in the CRM lead in a circle, so the customer was taken alone.",
  trial_ignored_plan: "The customer is on trial, so the plan in the CRM does not count.",
  trial_expired: "The trial is over.",
  trial_end_missing: "The proof of concept has no end date, so it gives nothing.",
  grant_trial: "The proof of concept gives {tier}.",
  plan_unmapped: "The plan in the CRM is not one the policy knows.",
  grant_plan: "The plan gives {tier}.",
  grant_parent_plan: "The parent company's plan gives {tier}.",
  arr_currency_unknown: "An ARR amount is in a currency without a rate, so it does not count.",
  arr_invalid: "An ARR amount is negative, so it does not count.",
  family_arr: "The ARR of several companies of the family was added up.",
  waitlisted: "The ARR is enough for {tier}, but that tier is full and the customer is waiting.",
  grant_arr: "The ARR gives {tier}.",
  arr_hysteresis_hold: "The ARR is a little below the threshold, but not low enough to lose the tier.",
  addon_unknown: "The customer has an add-on that the policy does not know.",
  addon_not_started: "The add-on has not started yet.",
  addon_lapsed: "The add-on has ended.",
  addon_without_contract: "The add-on does not count, because the contract is not running.",
  addon_lapse_grace: "The add-on has ended, and its days of grace are running.",
  addon_requirement_unmet: "The add-on was sold without the plan it needs; it is served all the same.",
  addon_vanished: "The add-on has disappeared from the CRM without an end date.",
  grant_addon: "The add-on gives {tier}.",
  grant_parent_addon: "The parent company's add-on gives {tier}.",
  inherited_from_parent: "The tier comes from a parent company.",
  no_entitlement_facts: "The CRM holds neither a plan nor ARR nor an add-on for this customer.",
  stale_facts: "The CRM has not confirmed these facts for a while.",
  stale_hold: "The tier was kept, because facts this old do not take a tier away.",
  downgrade_grace: "A lower tier is due, and the days of grace before it are running.",
  downgrade_effective: "The customer has a lower tier than before.",
  status_gate: "The account is {what}, which limits the tier.",
  status_flag: "The account is {what}, which changes nothing.",
  override_pin: "A person set the tier.",
  override_floor: "A person raised the tier.",
  override_cap: "A person limited the tier.",
  override_conflict: "Several human exceptions contradict each other.",
} as const;

/** What happened to the ticket. */
const TICKET_WORDS = {
  excluded_closed: "The ticket is closed.",
  excluded_tag: "The ticket carries a tag that keeps us away.",
  excluded_internal_requester: "The requester is one of your own people.",
  excluded_channel: "Tickets of this channel are left alone.",
  priority_agent_kept: "The priority was kept, because an agent set it.",
  priority_from_impact: "The priority follows the stated impact.",
  priority_automation: "The priority was set by automation.",
  priority_requester: "The priority was chosen by the requester.",
  priority_default: "The priority is the usual one of the tier.",
  priority_keyword: "The priority was raised: the text names something urgent.",
  priority_ceiling: "The priority was kept at the highest the tier has.",
  priority_vip: "The priority was raised by one step for a VIP.",
  priority_floor: "The priority was raised to the lowest the tier has.",
  group_kept_assignee: "The group was kept, because somebody has the ticket.",
  group_kept_form: "The group was kept, because of the ticket's form.",
  group_kept_existing: "The group was kept, because the ticket had been routed already.",
  group_primary: "The tier's own group takes the ticket.",
  group_offline: "Nobody of the tier's own group is online.",
  group_overflow: "The tier's own group has too much waiting.",
  group_after_hours: "The after-hours group takes the ticket.",
  group_waits_for_hours: "The ticket waits until the tier's own group opens.",
  group_all_unavailable: "No group is available; the ticket stands with the tier's own.",
  tam_missing: "The tier includes a technical account manager, but none is named.",
  sla_due_past: "The first reply was already due when the ticket was looked at.",
  not_deciding: "This event does not change a ticket.",
  ticket_gone: "The ticket was deleted before anything was decided.",
  ticket_merged: "The ticket was merged into another one.",
  outside_brands: "The ticket's brand is not part of the pilot.",
  outside_tagged_organizations: "The ticket's organization is not part of the pilot.",
  ping_pong: "Another automation keeps changing the {what} back, so it is left as it is.",
  promise_kept: "The ticket keeps what it was promised when it came in.",
} as const;

/** Reason code, without parameter → sentence. */
export const REASON_WORDS: Readonly<Record<string, string>> = { ...ACCOUNT_WORDS, ...TICKET_WORDS };

/** Basis → what the tier rests on. */
export const BASIS_WORDS = {
  addon: "a support add-on",
  plan: "the plan",
  arr: "the annual revenue with us",
  parent: "a parent company",
  trial: "a proof of concept",
  default: "nothing in particular: everyone has at least {tier}",
  held: "an earlier tier that is still kept",
  gate: "the account's status",
  override: "a decision by a person",
} as const;

/** Flag, without prefix → what it tells an agent. */
export const FLAG_WORDS: Readonly<Record<string, string>> = {
  review: "Something in the CRM should be looked at.",
  unmatched: "No customer was found for this ticket.",
  grace: "The customer is served in days of grace.",
  stale: "The CRM facts are old.",
  suspended: "The account is suspended.",
  override: "A person decided the tier.",
  capped: "The priority was asked to be higher than the tier allows.",
  vip: "The requester is a VIP.",
  after_hours: "The ticket came in outside the group's hours.",
  attention: "The ticket needs somebody's attention now.",
};

/** Account status → how an agent would say it. */
export const STATUS_WORDS: Readonly<Record<string, string>> = {
  active: "active",
  trial: "on trial",
  on_hold: "on hold",
  past_due: "late with a payment",
  cancelled: "cancelled",
};

/** Fact → how an agent would say it. */
export const FACT_WORDS: Readonly<Record<string, string>> = {
  plan: "the plan",
  arr: "the annual revenue",
  contractStart: "the contract's start",
  contractEnd: "the contract's end",
  addons: "the add-ons",
  tam: "the technical account manager",
  status: "the account's status",
  trialEnd: "the trial's end",
  poc: "the proof of concept",
  renewalInProgress: "the renewal",
  parent: "the parent company",
  standalone: "standing alone",
};
