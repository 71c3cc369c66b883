/** Users, their organizations, brands and forms: the endpoints that describe who is there. */
import type { Call, Reply } from "./server.ts";
import { invalid, notFound, refuse } from "./zendesk-answers.ts";
import { route, type Served } from "./zendesk-guard.ts";
import { paged } from "./zendesk-pages.ts";
import type { Json, UserRecord } from "./zendesk-records.ts";
import { userOf } from "./zendesk-seed.ts";
import { namedView, organizationView, userView } from "./zendesk-views.ts";
import { asText, bodyOf, idsOf } from "./zendesk-wire.ts";
import { keepUser, numeric, stamp, userByEmail, type World } from "./zendesk-world.ts";

/** Every route under `/users`, `/organization_memberships`, `/brands` and `/ticket_forms`. */
export function directoryRoutes(world: World): readonly Served[] {
  const agent = { access: "agent", callClass: "directory" } as const;
  const { state } = world;
  const named = (key: string, map: typeof state.brands) => (call: Call) =>
    paged(world, call, key, [...map.values()].map(namedView));
  return [
    ...userRoutes(world),
    ...membershipRoutes(world),
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
    route(agent, "POST", "/users/create_or_update", (call) => createOrUpdate(world, call)),
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

/** Matched by e-mail address; what is there keeps its organization and role. */
function createOrUpdate(world: World, call: Call): Reply {
  const input = bodyOf(call, "user");
  const email = asText(input.email) ?? refuse(invalid({ email: "Email: cannot be blank" }));
  const known = userByEmail(world, email);
  const user: UserRecord =
    known === null
      ? userOf(world, { name: asText(input.name) ?? email, email, verified: false })
      : { ...known, name: asText(input.name) ?? known.name, updatedAt: stamp(world) };
  keepUser(world, user);
  call.effect({ kind: known === null ? "user_created" : "user_updated", userId: user.id });
  return { status: known === null ? 201 : 200, body: { user: userView(world, user) } };
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
  user.organizationIds.map((id) => membershipView(user, id));

const membershipView = (user: UserRecord, organizationId: string): Json => ({
  id: numeric(organizationId),
  user_id: numeric(user.id),
  organization_id: numeric(organizationId),
  default: organizationId === user.organizationId,
});

function membershipRoutes(world: World): readonly Served[] {
  const admin = { access: "admin", callClass: "users" } as const;
  return [route(admin, "POST", "/organization_memberships", (call) => join(world, call))];
}

/** Makes a user a member of an organization: the first one is the default. @throws a 422 refusal where the plan knows one only. */
function join(world: World, call: Call): Reply {
  const input = bodyOf(call, "organization_membership");
  const user = world.state.users.get(asText(input.user_id) ?? "") ?? refuse(notFound());
  const organizationId = asText(input.organization_id) ?? "";
  const organization = world.state.organizations.get(organizationId);
  if (organization === undefined || organization.deletedAt !== null) refuse(notFound());
  if (user.organizationIds.includes(organizationId))
    refuse(invalid({ user_id: "User: is already a member of this organization" }));
  if (user.organizationIds.length > 0 && !world.behaviour.multipleOrganizations)
    refuse(invalid({ user_id: "User: can belong to one organization only" }));
  const after: UserRecord = {
    ...user,
    organizationId: user.organizationId ?? organizationId,
    organizationIds: [...user.organizationIds, organizationId],
    updatedAt: stamp(world),
  };
  keepUser(world, after);
  call.effect({ kind: "membership_created", userId: user.id, organizationId });
  return { status: 201, body: { organization_membership: membershipView(after, organizationId) } };
}
