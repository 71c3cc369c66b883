/** How each kind of object is called in Zendesk's API. Data only. */
import type { ProvisionKind } from "../../src/ports.ts";
import type { EndpointName } from "./endpoints.ts";

/** Where one kind of object lives. */
export interface KindAddress {
  /** For messages: `trigger category`. */
  readonly noun: string;
  /** Key of one object in a body. */
  readonly one: string;
  /** Key of the list in a page. */
  readonly many: string;
  /** false = the list comes whole and takes no page size. */
  readonly paged: boolean;
  readonly list: EndpointName;
  readonly create: EndpointName;
  readonly update: EndpointName;
  readonly remove: EndpointName;
}

/** Every kind and its addresses. */
export const kinds: Readonly<Record<ProvisionKind, KindAddress>> = {
  organization_field: {
    noun: "organization field",
    one: "organization_field",
    many: "organization_fields",
    paged: true,
    list: "listOrganizationFields",
    create: "createOrganizationField",
    update: "updateOrganizationField",
    remove: "deleteOrganizationField",
  },
  ticket_field: {
    noun: "ticket field",
    one: "ticket_field",
    many: "ticket_fields",
    paged: true,
    list: "listTicketFields",
    create: "createTicketField",
    update: "updateTicketField",
    remove: "deleteTicketField",
  },
  group: {
    noun: "group",
    one: "group",
    many: "groups",
    paged: true,
    list: "listGroups",
    create: "createGroup",
    update: "updateGroup",
    remove: "deleteGroup",
  },
  trigger_category: {
    noun: "trigger category",
    one: "trigger_category",
    many: "trigger_categories",
    paged: true,
    list: "listTriggerCategories",
    create: "createTriggerCategory",
    update: "updateTriggerCategory",
    remove: "deleteTriggerCategory",
  },
  webhook: {
    noun: "webhook",
    one: "webhook",
    many: "webhooks",
    paged: true,
    list: "listWebhooks",
    create: "createWebhook",
    update: "updateWebhook",
    remove: "deleteWebhook",
  },
  trigger: {
    noun: "trigger",
    one: "trigger",
    many: "triggers",
    paged: true,
    list: "listTriggers",
    create: "createTrigger",
    update: "updateTrigger",
    remove: "deleteTrigger",
  },
  sla_policy: {
    noun: "SLA policy",
    one: "sla_policy",
    many: "sla_policies",
    paged: false,
    list: "listSlaPolicies",
    create: "createSlaPolicy",
    update: "updateSlaPolicy",
    remove: "deleteSlaPolicy",
  },
  view: {
    noun: "view",
    one: "view",
    many: "views",
    paged: true,
    list: "listViews",
    create: "createView",
    update: "updateView",
    remove: "deleteView",
  },
  macro: {
    noun: "macro",
    one: "macro",
    many: "macros",
    paged: true,
    list: "listMacros",
    create: "createMacro",
    update: "updateMacro",
    remove: "deleteMacro",
  },
  queue: {
    noun: "omnichannel queue",
    one: "queue",
    many: "queues",
    paged: false,
    list: "listQueues",
    create: "createQueue",
    update: "updateQueue",
    remove: "deleteQueue",
  },
};
