/** Whether promises are kept, at this moment. */
import { promisesOf } from "./promises.ts";
import { type ApiRoute, route } from "./route.ts";
import { promises } from "./schemas-promises.ts";

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
];
