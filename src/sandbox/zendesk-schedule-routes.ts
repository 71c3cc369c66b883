/** The business-hours endpoints (not in the OpenAPI file; shapes as recorded). */
import type { Call, Reply } from "./server.ts";
import { forbidden, invalid, notFound, refuse } from "./zendesk-answers.ts";
import { route, type Served } from "./zendesk-guard.ts";
import type { HolidayRecord, Json, ScheduleRecord } from "./zendesk-records.ts";
import { asJson, asList, asText, bodyOf } from "./zendesk-wire.ts";
import { iso, numeric, stamp, type World } from "./zendesk-world.ts";
import { ianaZone } from "./zendesk-zones.ts";

const WEEK = 7 * 1440;

/** Every route under `/business_hours/schedules`. */
export function scheduleRoutes(world: World): readonly Served[] {
  const agent = { access: "agent", callClass: "schedules" } as const;
  const admin = { ...agent, access: "admin" } as const;
  const { schedules } = world.state;
  const base = "/business_hours/schedules";
  const id = `${base}/:schedule_id`;
  const one = (call: Call): ScheduleRecord =>
    schedules.get(call.params.schedule_id ?? "") ?? refuse(notFound());
  const save = (call: Call, status: number, after: ScheduleRecord): Reply => {
    schedules.set(after.id, after);
    call.effect({ kind: "schedule_saved", id: after.id, name: after.name });
    return { status, body: { schedule: view(after) } };
  };
  return [
    route(agent, "GET", base, () => ({
      status: 200,
      body: { schedules: [...schedules.values()].map(view) },
    })),
    route(admin, "POST", base, (call) => {
      // Which status a plan with one schedule answers is not documented.
      if (!world.behaviour.multipleSchedules && schedules.size > 0) return forbidden();
      return save(call, 201, scheduleAfter(world, bodyOf(call, "schedule"), null));
    }),
    route(agent, "GET", id, (call) => ({ status: 200, body: { schedule: view(one(call)) } })),
    route(admin, "PUT", id, (call) =>
      save(call, 200, scheduleAfter(world, bodyOf(call, "schedule"), one(call))),
    ),
    route(admin, "PUT", `${id}/workweek`, (call) => {
      const intervals = bodyOf(call, "workweek").intervals;
      const reply = save(call, 200, scheduleAfter(world, { intervals }, one(call)));
      return { ...reply, body: { workweek: { intervals: view(one(call)).intervals } } };
    }),
    route(admin, "DELETE", id, (call) => {
      schedules.delete(one(call).id);
      call.effect({ kind: "schedule_deleted", id: call.params.schedule_id });
      return { status: 204 };
    }),
    route(agent, "GET", `${id}/holidays`, (call) => ({
      status: 200,
      body: { holidays: one(call).holidays.map(holidayView) },
    })),
    route(admin, "POST", `${id}/holidays`, (call) => addHoliday(world, call, one(call))),
    route(agent, "GET", `${id}/holidays/:holiday_id`, (call) => ({
      status: 200,
      body: { holiday: holidayView(holidayOr404(call, one(call))) },
    })),
    route(admin, "PUT", `${id}/holidays/:holiday_id`, (call) => changeHoliday(world, call, one(call))),
    route(admin, "DELETE", `${id}/holidays/:holiday_id`, (call) => removeHoliday(world, call, one(call))),
  ];
}

/** A schedule after a write. @throws a 422 refusal for an unknown (for instance IANA) zone name or impossible hours. */
export function scheduleAfter(world: World, input: Json, before: ScheduleRecord | null): ScheduleRecord {
  const name = asText(input.name) ?? before?.name ?? "";
  const timeZone = asText(input.time_zone) ?? before?.timeZone ?? "";
  if (name === "") refuse(invalid({ name: "Name: cannot be blank" }));
  if (ianaZone(timeZone) === null)
    refuse(invalid({ time_zone: `Time zone: ${timeZone} is not a valid time zone` }));
  const intervals = asList(input.intervals)?.map((row) => intervalOf(asJson(row) ?? {}));
  const at = stamp(world);
  return {
    id: before?.id ?? asText(input.id) ?? world.newId("other"),
    name,
    timeZone,
    intervals: intervals ?? before?.intervals ?? [],
    holidays:
      asList(input.holidays)?.map((row) => holidayOf(world, asJson(row) ?? {})) ?? before?.holidays ?? [],
    createdAt: before?.createdAt ?? at,
    updatedAt: at,
  };
}

/** Minutes since Sunday 00:00. */
function intervalOf(row: Json): { readonly start: number; readonly end: number } {
  const start = Number(row.start_time);
  const end = Number(row.end_time);
  if (!(start >= 0 && start < end && end <= WEEK)) refuse(invalid({ intervals: "Intervals: are not valid" }));
  return { start, end };
}

function holidayOf(world: World, row: Json): HolidayRecord {
  const startDate = asText(row.start_date) ?? "";
  const endDate = asText(row.end_date) ?? startDate;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(startDate) || endDate < startDate)
    refuse(invalid({ start_date: "Start date: is not valid" }));
  return {
    id: asText(row.id) ?? world.newId("other"),
    name: asText(row.name) ?? startDate,
    startDate,
    endDate,
  };
}

function addHoliday(world: World, call: Call, schedule: ScheduleRecord): Reply {
  const holiday = holidayOf(world, bodyOf(call, "holiday"));
  world.state.schedules.set(schedule.id, { ...schedule, holidays: [...schedule.holidays, holiday] });
  call.effect({ kind: "holiday_added", scheduleId: schedule.id, id: holiday.id });
  return { status: 201, body: { holiday: holidayView(holiday) } };
}

const holidayOr404 = (call: Call, schedule: ScheduleRecord): HolidayRecord =>
  schedule.holidays.find((holiday) => holiday.id === call.params.holiday_id) ?? refuse(notFound());

function changeHoliday(world: World, call: Call, schedule: ScheduleRecord): Reply {
  const before = holidayOr404(call, schedule);
  const held = { ...holidayView(before), ...bodyOf(call, "holiday"), id: before.id };
  const after = holidayOf(world, held);
  const holidays = schedule.holidays.map((holiday) => (holiday.id === before.id ? after : holiday));
  world.state.schedules.set(schedule.id, { ...schedule, holidays });
  call.effect({ kind: "holiday_changed", scheduleId: schedule.id, id: after.id });
  return { status: 200, body: { holiday: holidayView(after) } };
}

function removeHoliday(world: World, call: Call, schedule: ScheduleRecord): Reply {
  const rest = schedule.holidays.filter((holiday) => holiday.id !== call.params.holiday_id);
  if (rest.length === schedule.holidays.length) return notFound();
  world.state.schedules.set(schedule.id, { ...schedule, holidays: rest });
  call.effect({ kind: "holiday_removed", scheduleId: schedule.id, id: call.params.holiday_id });
  return { status: 204 };
}

const view = (schedule: ScheduleRecord): Json => ({
  id: numeric(schedule.id),
  name: schedule.name,
  time_zone: schedule.timeZone,
  intervals: schedule.intervals.map(({ start, end }) => ({ start_time: start, end_time: end })),
  created_at: iso(schedule.createdAt),
  updated_at: iso(schedule.updatedAt),
});

const holidayView = (holiday: HolidayRecord): Json => ({
  id: numeric(holiday.id),
  name: holiday.name,
  start_date: holiday.startDate,
  end_date: holiday.endDate,
});
