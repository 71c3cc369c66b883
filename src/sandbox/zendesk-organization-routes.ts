/** The organization endpoints. */
import type { Call, Reply } from "./server.ts";
import {
  badRequest,
  forbidden,
  isRefusal,
  notFound,
  refuse,
  tooManyValues,
  unknownKeysHeader,
} from "./zendesk-answers.ts";
import { route, type Served } from "./zendesk-guard.ts";
import { pollJob, pollJobs, startJob } from "./zendesk-jobs.ts";
import {
  createOrganization,
  deleteOrganization,
  KNOWN_ORGANIZATION_KEYS,
  liveOrganization,
  liveOrganizations,
  updateOrganization,
} from "./zendesk-organizations.ts";
import { paged } from "./zendesk-pages.ts";
import type { Json, OrganizationRecord, UserRecord } from "./zendesk-records.ts";
import { organizationView } from "./zendesk-views.ts";
import { asJson, asList, bodyOf, idsOf } from "./zendesk-wire.ts";
import { numeric, type World } from "./zendesk-world.ts";

/** Every route under `/organizations` and `/job_statuses`. */
export function organizationRoutes(world: World): readonly Served[] {
  const agent = { access: "agent", callClass: "organizations" } as const;
  const admin = { access: "admin", callClass: "organizations" } as const;
  const one = "/organizations/:organization_id";
  return [
    route(agent, "GET", "/organizations", (call) => listed(world, call, liveOrganizations(world))),
    route(admin, "POST", "/organizations", (call) => create(world, call)),
    route(agent, "GET", "/organizations/show_many", (call) => listed(world, call, named(world, call))),
    route(admin, "GET", "/organizations/search", (call) => search(world, call)),
    route(
      { ...admin, callClass: "organizations-create-many" },
      "POST",
      "/organizations/create_many",
      (call) => createMany(world, call),
    ),
    route({ ...admin, callClass: "organizations-update-many" }, "PUT", "/organizations/update_many", (call) =>
      updateMany(world, call),
    ),
    route(agent, "GET", one, (call) => ok(world, organizationOr404(world, call))),
    route(
      { ...agent, callClass: "organizations-update", charge: "organization-update" },
      "PUT",
      one,
      (call, user) => put(world, call, user),
    ),
    route(admin, "DELETE", one, (call) => remove(world, call)),
    route({ ...agent, callClass: "jobs" }, "GET", "/job_statuses/show_many", (call) =>
      pollJobs(world, idsOf(call, "ids") ?? []),
    ),
    route({ ...agent, callClass: "jobs" }, "GET", "/job_statuses/:job_status_id", (call) =>
      pollJob(world, call.params.job_status_id ?? ""),
    ),
  ];
}

const ok = (world: World, row: OrganizationRecord): Reply => ({
  status: 200,
  body: { organization: organizationView(world, row) },
});

const listed = (world: World, call: Call, rows: readonly OrganizationRecord[]): Reply =>
  paged(world, call, "organizations", rows, (row) => organizationView(world, row));

function organizationOr404(world: World, call: Call): OrganizationRecord {
  return liveOrganization(world, call.params.organization_id) ?? refuse(notFound());
}

/** The organizations named by `ids` or `external_ids`; unknown ones are left out. */
function named(world: World, call: Call): readonly OrganizationRecord[] {
  const ids = idsOf(call, "ids");
  if (ids !== null) return ids.map((id) => liveOrganization(world, id)).filter((row) => row !== null);
  const wanted = new Set((idsOf(call, "external_ids") ?? []).map((id) => id.toLowerCase()));
  return liveOrganizations(world).filter((row) => wanted.has(row.externalId?.toLowerCase() ?? ""));
}

function search(world: World, call: Call): Reply {
  const externalId = call.query.get("external_id")?.toLowerCase();
  const name = call.query.get("name")?.trim().toLowerCase();
  if ((externalId === undefined) === (name === undefined))
    return badRequest("BadRequest", "Search by external_id or by name, not both");
  return listed(
    world,
    call,
    liveOrganizations(world).filter((row) =>
      name === undefined ? row.externalId?.toLowerCase() === externalId : row.name.toLowerCase() === name,
    ),
  );
}

function create(world: World, call: Call): Reply {
  const { id: _own, ...input } = bodyOf(call, "organization");
  const headers = unknownKeysHeader("organizations", unknownFields(world, input));
  return { ...ok(world, createOrganization(world, input, call.effect)), status: 201, headers };
}

/** Custom fields nobody defined: dropped, and only the header tells. */
function unknownFields(world: World, input: Json): readonly string[] {
  const known = new Set([...world.state.organizationFields.values()].map((field) => field.key));
  return Object.keys(asJson(input.organization_fields) ?? {}).filter((key) => !known.has(key));
}

function put(world: World, call: Call, user: UserRecord): Reply {
  const row = organizationOr404(world, call);
  const input = bodyOf(call, "organization");
  // An agent without admin rights may write notes and nothing else.
  if (user.role !== "admin" && Object.keys(input).some((key) => key !== "notes")) return forbidden();
  const unknown = [
    ...Object.keys(input).filter((key) => !KNOWN_ORGANIZATION_KEYS.has(key)),
    ...unknownFields(world, input),
  ];
  return {
    ...ok(world, updateOrganization(world, row, input, call.effect)),
    headers: unknownKeysHeader("organizations", unknown),
  };
}

function remove(world: World, call: Call): Reply {
  deleteOrganization(world, organizationOr404(world, call), call.effect);
  return { status: 204 };
}

function createMany(world: World, call: Call): Reply {
  const rows = (asList(asJson(call.body)?.organizations) ?? []).map((row) => asJson(row) ?? {});
  if (rows.length > 100) refuse(tooManyValues());
  if (rows.length === 0) return badRequest("BadRequest", "Nothing to create");
  return startJob(world, rows.length, () => rows.map((row, index) => createRow(world, call, row, index)));
}

/** A row that was created names its new record; the error's name of one that was not is assumed. */
function createRow(world: World, call: Call, row: Json, index: number): Json {
  const { id: _own, ...input } = row;
  try {
    const made = createOrganization(world, input, call.effect);
    return { id: numeric(made.id), index, account_id: world.accountId };
  } catch (error) {
    return { index, error: "OrganizationCreateFailed", details: sentencesOf(error) };
  }
}

function updateMany(world: World, call: Call): Reply {
  const rows = rowsOf(world, call);
  if (rows.length > 100) refuse(tooManyValues());
  if (rows.length === 0) return badRequest("BadRequest", "Nothing to update");
  return startJob(world, rows.length, () => rows.map((row, index) => updateRow(world, call, row, index)));
}

function rowsOf(world: World, call: Call): readonly Json[] {
  const body = asJson(call.body);
  if (call.query.has("ids") || call.query.has("external_ids"))
    return (idsOf(call, "ids") ?? named(world, call).map((row) => row.id)).map((id) => ({
      ...asJson(body?.organization),
      id,
    }));
  return (asList(body?.organizations) ?? []).map((row) => asJson(row) ?? {});
}

/** A failed row says so by carrying `error`; there is no `success: false`. */
function updateRow(world: World, call: Call, row: Json, index: number): Json {
  const { id, ...input } = row;
  const organization = liveOrganization(world, String(id));
  if (organization === null)
    return { index, id, error: "OrganizationNotFound", details: "Organization not found" };
  try {
    updateOrganization(world, organization, input, call.effect);
    return { action: "update", id: numeric(organization.id), status: "Updated", success: true };
  } catch (error) {
    const details = sentencesOf(error);
    return { index, id: numeric(organization.id), error: "OrganizationUpdateFailed", details };
  }
}

/** What a refusal says in words. @throws what is no refusal. */
function sentencesOf(error: unknown): string {
  if (!isRefusal(error)) throw error;
  const details = asJson(asJson(error.refusal.body)?.details) ?? {};
  const sentences = Object.values(details).flatMap((list) =>
    (asList(list) ?? []).map((entry) => String(asJson(entry)?.description)),
  );
  return sentences.join(" ");
}
