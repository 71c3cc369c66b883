/** What people call each kind of object, and where they find it. */
import type { ProvisionKind } from "../ports.ts";

const RULES = "Admin Center > Objects and rules";

/** Kind → its name in a sentence, its plural, and its place in Admin Center. */
export const KIND_WORDS: Readonly<
  Record<ProvisionKind, { readonly one: string; readonly many: string; readonly where: string }>
> = {
  organization_field: {
    one: "organization field",
    many: "organization fields",
    where: "Admin Center > People > Configuration > Organization fields",
  },
  ticket_field: { one: "ticket field", many: "ticket fields", where: `${RULES} > Tickets > Fields` },
  group: { one: "group", many: "groups", where: "Admin Center > People > Team > Groups" },
  trigger_category: {
    one: "trigger category",
    many: "trigger categories",
    where: `${RULES} > Business rules > Triggers`,
  },
  webhook: { one: "webhook", many: "webhooks", where: "Admin Center > Apps and integrations > Webhooks" },
  trigger: { one: "trigger", many: "triggers", where: `${RULES} > Business rules > Triggers` },
  sla_policy: {
    one: "SLA policy",
    many: "SLA policies",
    where: `${RULES} > Business rules > Service level agreements`,
  },
  view: { one: "view", many: "views", where: "Admin Center > Workspaces > Agent tools > Views" },
  macro: { one: "macro", many: "macros", where: "Admin Center > Workspaces > Agent tools > Macros" },
  queue: { one: "queue", many: "queues", where: `${RULES} > Omnichannel routing > Queues` },
};
