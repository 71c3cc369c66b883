/** The macro endpoints. */
import type { Call, Reply } from "./server.ts";
import { actionSubjects, actionsOf } from "./zendesk-actions.ts";
import { invalid, notFound, refuse } from "./zendesk-answers.ts";
import { route, type Served } from "./zendesk-guard.ts";
import { paged } from "./zendesk-pages.ts";
import type { Json, MacroRecord } from "./zendesk-records.ts";
import { definitionRows } from "./zendesk-rules.ts";
import { asList, asText, bodyOf } from "./zendesk-wire.ts";
import { iso, numeric, stamp, type World } from "./zendesk-world.ts";

/** Every route under `/macros`. */
export function macroRoutes(world: World): readonly Served[] {
  const agent = { access: "agent", callClass: "macros" } as const;
  const { macros } = world.state;
  const one = (call: Call): MacroRecord => macros.get(call.params.macro_id ?? "") ?? refuse(notFound());
  const rows = (): readonly MacroRecord[] => [...macros.values()].sort((a, b) => a.position - b.position);
  const view = (macro: MacroRecord): Json => macroView(world, macro);
  const save = (call: Call, before: MacroRecord | null): Reply => {
    const { id: _own, ...input } = bodyOf(call, "macro");
    const after = macroAfter(world, input, before);
    macros.set(after.id, after);
    call.effect({ kind: "macro_saved", id: after.id, title: after.title });
    return { status: 200, body: { macro: view(after) } };
  };
  const id = "/macros/:macro_id";
  return [
    route(agent, "GET", "/macros", (call) => paged(world, call, "macros", rows(), view)),
    route(agent, "POST", "/macros", (call) => save(call, null)),
    route(agent, "GET", "/macros/active", (call) =>
      paged(
        world,
        call,
        "macros",
        rows().filter((macro) => macro.active),
        view,
      ),
    ),
    route(agent, "GET", "/macros/definitions", () => ({
      status: 200,
      body: { definitions: { actions: definitionRows(actionSubjects(world, "macro")) } },
    })),
    route(agent, "GET", id, (call) => ({ status: 200, body: { macro: view(one(call)) } })),
    route(agent, "PUT", id, (call) => save(call, one(call))),
    route(agent, "DELETE", id, (call) => {
      macros.delete(one(call).id);
      call.effect({ kind: "macro_deleted", id: call.params.macro_id });
      return { status: 204 };
    }),
  ];
}

/** A macro after a write; a list of actions replaces the old one. @throws a 422 refusal. */
export function macroAfter(world: World, input: Json, before: MacroRecord | null): MacroRecord {
  const title = asText(input.title) ?? before?.title ?? "";
  if (title.trim() === "") refuse(invalid({ title: "Title: cannot be blank" }));
  const given = asList(input.actions);
  const actions = given === null ? (before?.actions ?? []) : actionsOf(world, "macro", given);
  if (actions.length === 0) refuse(invalid({ base: "Actions: cannot be blank" }));
  const at = stamp(world);
  return {
    id: before?.id ?? asText(input.id) ?? world.newId("other"),
    title,
    description: "description" in input ? asText(input.description) : (before?.description ?? null),
    active: input.active === undefined ? (before?.active ?? true) : input.active === true,
    position: Number(input.position ?? before?.position ?? world.state.macros.size + 1),
    actions,
    restriction: input.restriction === undefined ? (before?.restriction ?? null) : input.restriction,
    createdAt: before?.createdAt ?? at,
    updatedAt: at,
  };
}

const macroView = (world: World, macro: MacroRecord): Json => ({
  url: `${world.url()}/api/v2/macros/${macro.id}.json`,
  id: numeric(macro.id),
  title: macro.title,
  raw_title: macro.title,
  description: macro.description,
  active: macro.active,
  position: macro.position,
  default: false,
  actions: macro.actions,
  restriction: macro.restriction,
  created_at: iso(macro.createdAt),
  updated_at: iso(macro.updatedAt),
});
