/** Users, groups, brands, forms and fields: the endpoints that describe an account. */
import type { Call, Reply } from "./server.ts";
import { invalid, notFound, refuse } from "./zendesk-answers.ts";
import { route, type Served } from "./zendesk-guard.ts";
import { paged } from "./zendesk-pages.ts";
import type { FieldOption, FieldRecord, GroupRecord, Json, UserRecord } from "./zendesk-records.ts";
import { fieldView, groupView, namedView, organizationView, userView } from "./zendesk-views.ts";
import { asJson, asList, asText, bodyOf, idsOf } from "./zendesk-wire.ts";
import { numeric, stamp, type World } from "./zendesk-world.ts";

/** Every route that describes the account. */
export function directoryRoutes(world: World): readonly Served[] {
  const agent = { access: "agent", callClass: "directory" } as const;
  const { state } = world;
  const named = (key: string, map: typeof state.brands) => (call: Call) =>
    paged(world, call, key, [...map.values()].map(namedView));
  return [
    ...userRoutes(world),
    ...groupRoutes(world),
    ...fieldRoutes(world, "ticket_field", state.ticketFields),
    ...fieldRoutes(world, "organization_field", state.organizationFields),
    ...fieldRoutes(world, "user_field", state.userFields),
    route(agent, "GET", "/brands", named("brands", state.brands)),
    route(agent, "GET", "/ticket_forms", named("ticket_forms", state.forms)),
  ];
}

function userRoutes(world: World): readonly Served[] {
  const agent = { access: "agent", callClass: "users" } as const;
  const views = (call: Call, users: readonly UserRecord[]): Reply =>
    paged(world, call, "users", users, (user) => userView(world, user));
  const one = (call: Call): UserRecord =>
    world.state.users.get(call.params.user_id ?? "") ?? refuse(notFound());
  return [
    route({ ...agent, access: "anyone" }, "GET", "/users/me", (_call, user) => ({
      status: 200,
      body: { user: userView(world, user) },
    })),
    route(agent, "GET", "/users", (call) => views(call, filtered(world, call))),
    route(agent, "GET", "/users/show_many", (call) => views(call, manyUsers(world, call))),
    route(agent, "GET", "/users/search", (call) => views(call, searchUsers(world, call))),
    route(agent, "GET", "/users/:user_id", (call) => ({
      status: 200,
      body: { user: userView(world, one(call)) },
    })),
    route(agent, "GET", "/users/:user_id/identities", (call) =>
      paged(world, call, "identities", identities(one(call))),
    ),
    route(agent, "GET", "/users/:user_id/organizations", (call) =>
      paged(world, call, "organizations", organizationsOf(world, one(call))),
    ),
    route(agent, "GET", "/users/:user_id/organization_memberships", (call) =>
      paged(world, call, "organization_memberships", memberships(one(call))),
    ),
  ];
}

function filtered(world: World, call: Call): readonly UserRecord[] {
  const roles = [...call.query.getAll("role[]"), ...(call.query.get("role")?.split(",") ?? [])];
  return [...world.state.users.values()].filter((user) => roles.length === 0 || roles.includes(user.role));
}

function manyUsers(world: World, call: Call): readonly UserRecord[] {
  const ids = idsOf(call, "ids");
  const external = (idsOf(call, "external_ids") ?? []).map((id) => id.toLowerCase());
  return [...world.state.users.values()].filter((user) =>
    ids === null ? external.includes(user.externalId?.toLowerCase() ?? "") : ids.includes(user.id),
  );
}

function searchUsers(world: World, call: Call): readonly UserRecord[] {
  const query = (call.query.get("query") ?? "").trim().toLowerCase();
  const externalId = call.query.get("external_id")?.toLowerCase();
  const email = /(?:^|\s)email:"?([^"\s]+)"?/.exec(query)?.[1];
  return [...world.state.users.values()].filter((user) => {
    if (externalId !== undefined) return user.externalId?.toLowerCase() === externalId;
    if (email !== undefined) return user.email === email;
    return `${user.name} ${user.email}`.toLowerCase().includes(query);
  });
}

const identities = (user: UserRecord): readonly Json[] => [
  {
    id: numeric(user.id),
    user_id: numeric(user.id),
    type: "email",
    value: user.email,
    verified: user.verified,
    primary: true,
  },
];

const organizationsOf = (world: World, user: UserRecord): readonly Json[] =>
  user.organizationIds.flatMap((id) => {
    const row = world.state.organizations.get(id);
    return row === undefined || row.deletedAt !== null ? [] : [organizationView(world, row)];
  });

const memberships = (user: UserRecord): readonly Json[] =>
  user.organizationIds.map((id) => ({
    id: numeric(id),
    user_id: numeric(user.id),
    organization_id: numeric(id),
    default: id === user.organizationId,
  }));

function groupRoutes(world: World): readonly Served[] {
  const agent = { access: "agent", callClass: "groups" } as const;
  const admin = { ...agent, access: "admin" } as const;
  const one = (call: Call): GroupRecord =>
    world.state.groups.get(call.params.group_id ?? "") ?? refuse(notFound());
  const live = (): readonly Json[] =>
    [...world.state.groups.values()]
      .filter((group) => !group.deleted)
      .map((group) => groupView(world, group));
  const members = (call: Call): readonly Json[] =>
    [...world.state.users.values()]
      .filter((user) => user.groupIds.includes(one(call).id))
      .map((user) => ({
        id: numeric(user.id),
        user_id: numeric(user.id),
        group_id: numeric(one(call).id),
        default: user.defaultGroupId === one(call).id,
      }));
  return [
    route(agent, "GET", "/groups", (call) => paged(world, call, "groups", live())),
    route(agent, "GET", "/groups/assignable", (call) => paged(world, call, "groups", live())),
    route(admin, "POST", "/groups", (call) => createGroup(world, call)),
    route(agent, "GET", "/groups/:group_id", (call) => ({
      status: 200,
      body: { group: groupView(world, one(call)) },
    })),
    route(agent, "GET", "/groups/:group_id/memberships", (call) =>
      paged(world, call, "group_memberships", members(call)),
    ),
    route(admin, "DELETE", "/groups/:group_id", (call) => {
      // A deleted group stays readable and is marked.
      world.state.groups.set(one(call).id, { ...one(call), deleted: true, updatedAt: stamp(world) });
      call.effect({ kind: "group_deleted", groupId: one(call).id });
      return { status: 204 };
    }),
  ];
}

function createGroup(world: World, call: Call): Reply {
  const name = asText(bodyOf(call, "group").name) ?? refuse(invalid({ name: "Name: cannot be blank" }));
  const at = stamp(world);
  const group = { id: world.newId("other"), name, deleted: false, createdAt: at, updatedAt: at };
  world.state.groups.set(group.id, group);
  call.effect({ kind: "group_created", groupId: group.id });
  return { status: 201, body: { group: groupView(world, group) } };
}

function fieldRoutes(
  world: World,
  singular: "ticket_field" | "organization_field" | "user_field",
  fields: Map<string, FieldRecord>,
): readonly Served[] {
  const agent = { access: "agent", callClass: "fields" } as const;
  const admin = { ...agent, access: "admin" } as const;
  const id = `${singular}_id`;
  const base = `/${singular}s`;
  const one = (call: Call): FieldRecord => fields.get(call.params[id] ?? "") ?? refuse(notFound());
  const save = (call: Call, before: FieldRecord | null): Reply => {
    const after = fieldAfter(
      world,
      bodyOf(call, singular),
      before,
      singular === "ticket_field" ? null : [...fields.values()],
    );
    fields.set(after.id, after);
    call.effect({ kind: `${singular}_saved`, id: after.id, key: after.key });
    return { status: before === null ? 201 : 200, body: { [singular]: fieldView(after) } };
  };
  return [
    route(agent, "GET", base, (call) =>
      paged(world, call, `${singular}s`, [...fields.values()].map(fieldView)),
    ),
    route(admin, "POST", base, (call) => save(call, null)),
    route(agent, "GET", `${base}/:${id}`, (call) => ({
      status: 200,
      body: { [singular]: fieldView(one(call)) },
    })),
    route(admin, "PUT", `${base}/:${id}`, (call) => save(call, one(call))),
    route(admin, "DELETE", `${base}/:${id}`, (call) => {
      fields.delete(one(call).id);
      call.effect({ kind: `${singular}_deleted`, id: call.params[id] });
      return { status: 204 };
    }),
  ];
}

/** A field after a write; `siblings` = the fields whose keys must differ (null: fields without keys). */
export function fieldAfter(
  world: World,
  input: Json,
  before: FieldRecord | null,
  siblings: readonly FieldRecord[] | null,
): FieldRecord {
  const at = stamp(world);
  // A key cannot be changed once it is given (remembered, not verified).
  const key = before?.key ?? (siblings === null ? "" : (asText(input.key) ?? ""));
  const title = asText(input.title) ?? before?.title ?? "";
  if (title === "") refuse(invalid({ title: "Title: cannot be blank" }));
  if (siblings !== null && before === null) assertKey(key, siblings);
  const options = asList(input.custom_field_options);
  return {
    id: before?.id ?? asText(input.id) ?? world.newId("other"),
    key,
    title,
    description: asText(input.description) ?? before?.description ?? "",
    type: before?.type ?? asText(input.type) ?? "text",
    active: input.active === undefined ? (before?.active ?? true) : input.active === true,
    options:
      options === null
        ? (before?.options ?? [])
        : options.map((row) => optionOf(world, asJson(row) ?? {}, before)),
    createdAt: before?.createdAt ?? at,
    updatedAt: at,
  };
}

function assertKey(key: string, siblings: readonly FieldRecord[]): void {
  if (!/^\w+$/.test(key) || /^\d+$/.test(key)) refuse(invalid({ key: "Key: is invalid" }));
  if (siblings.some((field) => field.key === key))
    refuse(invalid({ key: `Key: ${key} has already been taken` }));
}

function optionOf(world: World, row: Json, before: FieldRecord | null): FieldOption {
  const value = asText(row.value) ?? "";
  const known = before?.options.find((option) => option.id === asText(row.id) || option.value === value);
  return {
    id: known?.id ?? asText(row.id) ?? world.newId("other"),
    name: asText(row.name) ?? known?.name ?? value,
    value,
  };
}
