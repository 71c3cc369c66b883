/** The group endpoints. A deleted group is only marked: it stays readable, and rules that name it do nothing. */
import type { Call, Reply } from "./server.ts";
import { invalid, notFound, refuse } from "./zendesk-answers.ts";
import { route, type Served } from "./zendesk-guard.ts";
import { paged } from "./zendesk-pages.ts";
import type { GroupRecord, Json } from "./zendesk-records.ts";
import { groupView } from "./zendesk-views.ts";
import { asText, bodyOf } from "./zendesk-wire.ts";
import { numeric, stamp, type World } from "./zendesk-world.ts";

/** Every route under `/groups`. */
export function groupRoutes(world: World): readonly Served[] {
  const agent = { access: "agent", callClass: "groups" } as const;
  const admin = { ...agent, access: "admin" } as const;
  const one = (call: Call): GroupRecord =>
    world.state.groups.get(call.params.group_id ?? "") ?? refuse(notFound());
  const live = (call: Call): GroupRecord => (one(call).deleted ? refuse(notFound()) : one(call));
  const view = (group: GroupRecord): Json => groupView(world, group);
  const save = (call: Call, before: GroupRecord | null): Reply => {
    const after = groupAfter(world, bodyOf(call, "group"), before);
    world.state.groups.set(after.id, after);
    call.effect({ kind: before === null ? "group_created" : "group_updated", groupId: after.id });
    return { status: before === null ? 201 : 200, body: { group: view(after) } };
  };
  return [
    route(agent, "GET", "/groups", (call) => paged(world, call, "groups", listed(world, call), view)),
    route(agent, "GET", "/groups/assignable", (call) =>
      paged(world, call, "groups", liveGroups(world), view),
    ),
    route(admin, "POST", "/groups", (call) => save(call, null)),
    route(agent, "GET", "/groups/:group_id", (call) => ({ status: 200, body: { group: view(one(call)) } })),
    route(admin, "PUT", "/groups/:group_id", (call) => save(call, live(call))),
    route(agent, "GET", "/groups/:group_id/memberships", (call) =>
      paged(world, call, "group_memberships", members(world, one(call))),
    ),
    route(admin, "DELETE", "/groups/:group_id", (call) => {
      const group = live(call);
      world.state.groups.set(group.id, { ...group, deleted: true, updatedAt: stamp(world) });
      call.effect({ kind: "group_deleted", groupId: group.id });
      return { status: 204 };
    }),
  ];
}

/** Every group that is not deleted. */
export const liveGroups = (world: World): readonly GroupRecord[] =>
  [...world.state.groups.values()].filter((group) => !group.deleted);

function listed(world: World, call: Call): readonly GroupRecord[] {
  const all = world.behaviour.listsDeletedGroups && call.query.get("exclude_deleted") !== "true";
  return all ? [...world.state.groups.values()] : liveGroups(world);
}

/** A group after a write; names need not differ. @throws a 422 refusal. */
export function groupAfter(world: World, input: Json, before: GroupRecord | null): GroupRecord {
  const at = stamp(world);
  const name = (asText(input.name) ?? before?.name ?? "").trim();
  if (name === "") refuse(invalid({ name: "Name: cannot be blank" }));
  const isPublic = typeof input.is_public === "boolean" ? input.is_public : (before?.isPublic ?? true);
  if (isPublic && before?.isPublic === false)
    refuse(invalid({ is_public: "Is public: a private group cannot become public" }));
  return {
    id: before?.id ?? asText(input.id) ?? world.newId("other"),
    name,
    description: ("description" in input ? asText(input.description) : before?.description) ?? "",
    isPublic,
    deleted: before?.deleted ?? input.deleted === true,
    createdAt: before?.createdAt ?? at,
    updatedAt: at,
  };
}

const members = (world: World, group: GroupRecord): readonly Json[] =>
  [...world.state.users.values()]
    .filter((user) => user.groupIds.includes(group.id))
    .map((user) => ({
      id: numeric(user.id),
      user_id: numeric(user.id),
      group_id: numeric(group.id),
      default: user.defaultGroupId === group.id,
    }));
