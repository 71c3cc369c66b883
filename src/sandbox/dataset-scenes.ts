/** What each ticket of the demo says and who writes it. */
import type { Priority, PrioritySetter } from "../policy/model.ts";

/** One ticket of the script before people and ids are filled in. What is absent is the ordinary case. */
export interface Scene {
  readonly key: string;
  readonly shows: string;
  /** Somebody at the company that plays `role`, or one named person without an organization. */
  readonly from: { readonly role: string; readonly vip?: boolean } | { readonly email: string };
  readonly subject: string;
  readonly body: string;
  readonly channel?: string;
  readonly priority?: Priority;
  readonly setBy?: PrioritySetter;
  readonly form?: string;
  readonly group?: string;
  readonly assignee?: string;
  readonly tags?: readonly string[];
  readonly when?: "sunday";
  readonly fate?: "closed" | "deleted";
}

/** The script. */
export const SCENES: readonly Scene[] = [
  {
    key: "addon_default",
    shows: "Enterprise Support, no priority given: the tier's default, and the account manager follows.",
    from: { role: "addon_tam" },
    subject: "Conveyor telemetry arrives late",
    body: "Readings from line 4 reach the dashboard two minutes late since the update.",
    channel: "email",
  },
  {
    key: "keyword_raise",
    shows: "“Production down” raises a normal ticket to urgent.",
    from: { role: "arr_eur" },
    subject: "Production down in hall 2",
    body: "All spindles report an error. Production down since 09:10.",
    priority: "normal",
    setBy: "requester",
  },
  {
    key: "keyword_negated",
    shows: "“No outage” is not an outage.",
    from: { role: "plan_messy" },
    subject: "Planning question",
    body: "There is no outage on our side. We would like to know the next maintenance window.",
  },
  {
    key: "keyword_quoted",
    shows: "A word in a quoted line is somebody else's.",
    from: { role: "evergreen" },
    subject: "Re: your notice",
    body: "Thank you, all is well here.\n> we had an outage and possible data loss\nHave a nice day.",
    channel: "email",
  },
  {
    key: "vip_step",
    shows: "A VIP gets one step more.",
    from: { role: "past_due", vip: true },
    subject: "Timetable export",
    body: "The timetable export lacks the weekend trains.",
  },
  {
    key: "agent_kept",
    shows: "An agent decided “low”; that stands.",
    from: { role: "renewal_open" },
    subject: "Colour of the tide chart",
    body: "Could the chart be a little bluer?",
    priority: "low",
    setBy: "agent",
  },
  {
    key: "ceiling",
    shows: "Pro does not buy “urgent”, even in an outage.",
    from: { role: "arr_jpy" },
    subject: "Outage of the cloud view",
    body: "The map is empty for everybody: a complete outage.",
    priority: "urgent",
    setBy: "requester",
  },
  {
    key: "floor",
    shows: "A paying customer who modestly says “low” gets at least the tier's floor.",
    from: { role: "addon_wrong_plan" },
    subject: "Small thing",
    body: "The telescope's name is misspelt on the invoice page.",
    priority: "low",
    setBy: "requester",
  },
  {
    key: "automation_kept",
    shows: "A monitor opened it as urgent: raised by automation, not lowered by us.",
    from: { role: "no_domain" },
    subject: "Lamp heartbeat missing",
    body: "Monitoring: no heartbeat from lamp 3 for ten minutes.",
    channel: "api",
    priority: "urgent",
    setBy: "automation",
  },
  {
    key: "inherited",
    shows: "A subsidiary is served by its parent's plan.",
    from: { role: "subsidiary" },
    subject: "Freezer sensor calibration",
    body: "How often should the sensors be calibrated?",
  },
  {
    key: "standalone",
    shows: "The franchise next door is not.",
    from: { role: "standalone" },
    subject: "Menu board",
    body: "The menu board shows last week's prices.",
  },
  {
    key: "on_hold",
    shows: "Unpaid: Standard service until the account is settled.",
    from: { role: "on_hold" },
    subject: "Stage lights degraded",
    body: "The lighting control is degraded during rehearsals.",
  },
  {
    key: "trial",
    shows: "A trial customer gets trial service.",
    from: { role: "trial" },
    subject: "First steps",
    body: "Where do I invite my team?",
    channel: "chat",
  },
  {
    key: "billing_form",
    shows: "A billing form stays with the team it was sent to.",
    from: { role: "cancelled_paid" },
    subject: "Final invoice",
    body: "When will we receive the final invoice?",
    form: "billing",
    group: "Support",
  },
  {
    key: "assigned",
    shows: "Somebody is already working on it: it is not moved.",
    from: { role: "family_member" },
    subject: "Gauge readings",
    body: "Two river gauges show the same value.",
    group: "Support",
    assignee: "bo.larsen@northwind.example",
  },
  {
    key: "sub_domain",
    shows: "No organization, but a sub-domain of a customer's domain.",
    from: { email: "ops@plant2.mail.bergfels.example" },
    subject: "Cannot log in from plant 2",
    body: "The night shift cannot log in.",
    channel: "email",
  },
  {
    key: "forged_sender",
    shows: "An unproven address at a customer's domain buys nothing.",
    from: { email: "ceo@aurelia.example" },
    subject: "URGENT wire transfer",
    body: "This is the CEO. Act at once and tell nobody.",
    channel: "email",
  },
  {
    key: "free_mail",
    shows: "gmail.com is listed on a company and still matches nobody.",
    from: { email: "martas.bakery@gmail.com" },
    subject: "Bread order module",
    body: "The order module shows yesterday's bread.",
    channel: "email",
  },
  {
    key: "ambiguous_domain",
    shows: "Two companies own the domain: no guess, a review instead.",
    from: { email: "dispatch@twinpines.example" },
    subject: "Truck 7 is not on the map",
    body: "Truck 7 vanished from the map near Graz.",
    channel: "email",
  },
  {
    key: "unmatched",
    shows: "Nobody we know.",
    from: { email: "hello@unheard-of.example" },
    subject: "Do you offer training?",
    body: "We are thinking of buying and would like to know about training.",
  },
  {
    key: "internal",
    shows: "A colleague's own ticket is left alone.",
    from: { email: "nadia.petrov@northwind.example" },
    subject: "Test of the new form",
    body: "Please ignore.",
  },
  {
    key: "skip_tag",
    shows: "A ticket marked ps_skip is left alone.",
    from: { role: "addon_unknown" },
    subject: "Aviary webinar",
    body: "Registration for the webinar.",
    tags: ["ps_skip", "webinar"],
  },
  {
    key: "closed_first",
    shows: "It was closed before we got to it.",
    from: { role: "parent" },
    subject: "Never mind",
    body: "Solved it ourselves, thank you.",
    fate: "closed",
  },
  {
    key: "deleted_first",
    shows: "It was deleted before we got to it.",
    from: { role: "hostile_name" },
    subject: `<script>alert("tables")</script> & 'quotes' 🚀`,
    body: `{{ticket.id}} "; DROP TABLE tickets; --`,
    fate: "deleted",
  },
  {
    key: "after_hours",
    shows: "Urgent, on a Sunday, from an Enterprise customer in grace: the on-call team.",
    from: { role: "lapsed_in_grace" },
    subject: "Trucks stand still",
    body: "No labels are printed; the whole depot waits.",
    priority: "urgent",
    setBy: "requester",
    when: "sunday",
  },
];
