/** The endpoints of ticket, organization and user fields. */
import type { Call, Reply } from "./server.ts";
import { invalid, notFound, refuse } from "./zendesk-answers.ts";
import {
  type FieldKind,
  fieldAfter,
  fieldsOf,
  optionAfter,
  removeField,
  saveField,
} from "./zendesk-fields.ts";
import { route, type Served } from "./zendesk-guard.ts";
import { paged } from "./zendesk-pages.ts";
import type { FieldOption, FieldRecord, Json } from "./zendesk-records.ts";
import { fieldView, optionView } from "./zendesk-views.ts";
import { asText, bodyOf } from "./zendesk-wire.ts";
import { numeric, type World } from "./zendesk-world.ts";

/** Fields that every account has and nobody can remove: part of the list, known by no key. */
const SYSTEM: readonly (readonly [type: string, title: string])[] = [
  ["subject", "Subject"],
  ["description", "Description"],
  ["status", "Status"],
  ["tickettype", "Type"],
  ["priority", "Priority"],
  ["group", "Group"],
  ["assignee", "Assignee"],
];
const FIRST_SYSTEM_ID = 360_000_000_001;

/** Every route under `/ticket_fields`, `/organization_fields` and `/user_fields`. */
export function fieldRoutes(world: World): readonly Served[] {
  return [
    ...familyRoutes(world, "ticket_field"),
    ...optionRoutes(world),
    ...familyRoutes(world, "organization_field"),
    ...familyRoutes(world, "user_field"),
  ];
}

const agent = { access: "agent", callClass: "fields" } as const;
const admin = { access: "admin", callClass: "fields" } as const;

function familyRoutes(world: World, kind: FieldKind): readonly Served[] {
  const id = `${kind}_id`;
  const base = `/${kind}s`;
  const one = (call: Call): FieldRecord => fieldOr404(world, kind, call.params[id]);
  const save = (call: Call, before: FieldRecord | null): Reply => {
    const { id: _own, ...input } = bodyOf(call, kind);
    const after = fieldAfter(world, kind, input, before);
    saveField(world, kind, before, after);
    call.effect({ kind: `${kind}_saved`, id: after.id, key: after.key });
    return { status: before === null ? 201 : 200, body: { [kind]: fieldView(after) } };
  };
  return [
    route(agent, "GET", base, (call) => paged(world, call, `${kind}s`, listed(world, kind))),
    route(admin, "POST", base, (call) => save(call, null)),
    route(agent, "GET", `${base}/:${id}`, (call) => ({
      status: 200,
      body: { [kind]: fieldView(one(call)) },
    })),
    route(admin, "PUT", `${base}/:${id}`, (call) => save(call, one(call))),
    route(admin, "DELETE", `${base}/:${id}`, (call) => {
      const field = one(call);
      removeField(world, kind, field);
      call.effect({ kind: `${kind}_deleted`, id: field.id });
      return { status: 204 };
    }),
  ];
}

/** Fields with keys are known by id or by key. @throws a 404 refusal; 422 for a system field. */
function fieldOr404(world: World, kind: FieldKind, idOrKey: string | undefined): FieldRecord {
  const fields = fieldsOf(world, kind);
  const byKey = [...fields.values()].find((field) => field.key !== "" && field.key === idOrKey);
  const system = Number(idOrKey) - FIRST_SYSTEM_ID;
  if (kind === "ticket_field" && SYSTEM[system] !== undefined)
    refuse(invalid({ base: "Base: a system field cannot be changed or deleted" }));
  return fields.get(idOrKey ?? "") ?? byKey ?? refuse(notFound());
}

function listed(world: World, kind: FieldKind): readonly Json[] {
  const own = [...fieldsOf(world, kind).values()].map(fieldView);
  if (kind !== "ticket_field") return own;
  const system = SYSTEM.map(([type, title], index) => ({
    id: numeric(String(FIRST_SYSTEM_ID + index)),
    type,
    title,
    raw_title: title,
    description: "",
    active: true,
    position: index,
    removable: false,
    tag: null,
  }));
  return [...system, ...own];
}

/** One option at a time: the way to add one without sending all the others. */
function optionRoutes(world: World): readonly Served[] {
  const base = "/ticket_fields/:ticket_field_id/options";
  const field = (call: Call): FieldRecord => fieldOr404(world, "ticket_field", call.params.ticket_field_id);
  const one = (call: Call): FieldOption =>
    field(call).options.find((option) => option.id === call.params.ticket_field_option_id) ??
    refuse(notFound());
  return [
    route(agent, "GET", base, (call) =>
      paged(world, call, "custom_field_options", field(call).options.map(optionView)),
    ),
    route(admin, "POST", base, (call) => saveOption(world, call, field(call))),
    route(agent, "GET", `${base}/:ticket_field_option_id`, (call) => ({
      status: 200,
      body: { custom_field_option: optionView(one(call), 0) },
    })),
    route(admin, "DELETE", `${base}/:ticket_field_option_id`, (call) => {
      const gone = one(call);
      const before = field(call);
      const options = before.options.filter((option) => option.id !== gone.id);
      saveField(world, "ticket_field", before, { ...before, options });
      call.effect({ kind: "ticket_field_option_deleted", id: gone.id });
      return { status: 204 };
    }),
  ];
}

function saveOption(world: World, call: Call, before: FieldRecord): Reply {
  const row = bodyOf(call, "custom_field_option");
  const known = before.options.find((option) => option.id === asText(row.id));
  const made = optionAfter(world, "ticket_field", known === undefined ? { ...row, id: null } : row, before);
  const rest = before.options.filter((option) => option.id !== made.id);
  const after = fieldAfter(
    world,
    "ticket_field",
    { custom_field_options: [...rest, made] },
    {
      ...before,
      options: [...rest, made],
    },
  );
  saveField(world, "ticket_field", before, after);
  call.effect({ kind: "ticket_field_option_saved", id: made.id });
  return {
    status: known === undefined ? 201 : 200,
    body: { custom_field_option: optionView(made, after.options.length - 1) },
  };
}
