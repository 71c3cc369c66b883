/** Whether promises are kept: at this moment, and since the month began. */
import { promiseMonthOf } from "./promise-month.ts";
import { promisesOf } from "./promises.ts";
import { type ApiRoute, route } from "./route.ts";
import { promiseMonth, promises } from "./schemas-promises.ts";

/** The routes. */
export const promiseRoutes: readonly ApiRoute[] = [
  route({
    method: "get",
    path: "/promises",
    access: "agent",
    tag: "promises",
    summary: "Running SLA clocks, the next breach first; per tier what attached and how much room is left",
    answers: promises,
    handle: ({ parts, now }) => promisesOf(parts, now),
  }),
  route({
    method: "get",
    path: "/promises/month",
    access: "agent",
    tag: "promises",
    summary: "Targets met since the month began, by tier and metric, against the objective",
    answers: promiseMonth,
    handle: ({ parts, now }) => promiseMonthOf(parts, now),
  }),
];
