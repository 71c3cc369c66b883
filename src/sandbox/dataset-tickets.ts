/** The demo's script of tickets, and texts for generated ones. */
import { lastSundayNoon } from "./dataset-days.ts";
import type {
  Dataset,
  DatasetOrganization,
  DatasetUser,
  DemoTicket,
  TicketTemplate,
} from "./dataset-model.ts";
import { SCENES, type Scene } from "./dataset-scenes.ts";

/** Texts for generated tickets; most are routine. */
export function ticketTemplates(): readonly TicketTemplate[] {
  const row = (weight: number, subject: string, body: string) => ({ weight, subject, body });
  return [
    row(20, "How do I export a report?", "I would like last month's figures as a spreadsheet."),
    row(15, "Add a colleague", "Please give our new colleague access to the workspace."),
    row(12, "Invoice address", "Our address has changed; where do I enter the new one?"),
    row(10, "Chart shows yesterday's numbers", "The overview is a day behind since this morning."),
    row(8, "API answers slowly", "Calls take about four seconds, usually they take one."),
    row(6, "Import fails on umlauts", "The file stops at line 212, see the name there."),
    row(5, "Cannot log in", "Two of us cannot log in since the password change."),
    row(4, "Intermittent errors on save", "Roughly one save in ten fails with intermittent errors."),
    row(3, "Service degraded in Frankfurt", "Everything is degraded for our German users."),
    row(2, "Production down", "Production down for all users since 10:40."),
    row(2, "No outage, only a question", "There is no outage here; when is the next maintenance window?"),
    row(1, "Possible data loss", "Rows from Tuesday are missing, we fear data loss."),
  ];
}

/**
 * The demo's tickets in the order in which they are written, one for each kind of rewrite.
 *
 * Tickets are two seconds apart and end just before `dataset.asOf`, but for the after-hours one: that is from last
 * Sunday noon UTC. @throws Error when the data set lacks a person the script names.
 */
export function demoTickets(dataset: Dataset): readonly DemoTicket[] {
  return SCENES.map((scene, at) => {
    const sender = senderOf(dataset, scene);
    const before = (SCENES.length - at) * 2_000;
    return {
      key: scene.key,
      shows: scene.shows,
      requester: sender.email,
      organization: sender.organization,
      subject: scene.subject,
      body: scene.body,
      channel: scene.channel ?? "web",
      priority: scene.priority ?? null,
      prioritySetBy: scene.setBy ?? "none",
      form: scene.form ?? null,
      group: scene.group ?? null,
      assignee: scene.assignee ?? null,
      tags: scene.tags ?? [],
      createdAt: scene.when === "sunday" ? lastSundayNoon(dataset.asOf) : dataset.asOf - before,
      fate: scene.fate ?? "stays",
    };
  });
}

function senderOf(dataset: Dataset, { key, from }: Scene): Pick<DatasetUser, "email" | "organization"> {
  if ("email" in from) {
    const known = [...dataset.users, ...dataset.agents].some((person) => person.email === from.email);
    if (!known) throw new Error(`the script's sender ${from.email} is not in the data set`);
    return { email: from.email, organization: null };
  }
  const organization = organizationOfRole(dataset, from.role);
  const people = dataset.users.filter((user) => user.organization === organization.key);
  const sender = people.find((user) => user.verified && user.vip === (from.vip === true));
  if (sender === undefined) throw new Error(`nobody at ${organization.name} can play “${key}”`);
  return sender;
}

function organizationOfRole(dataset: Dataset, role: string): DatasetOrganization {
  const company = dataset.companies.find((row) => row.role === role);
  const organization = dataset.organizations.find((row) => row.companyId === company?.id);
  if (company === undefined || organization === undefined) throw new Error(`no organization plays ${role}`);
  return organization;
}
