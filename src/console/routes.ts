/** The table: every route of the API. The router and the OpenAPI description are made from it and from nothing else. */
import { z } from "zod";
import { openApi } from "./openapi.ts";
import { type ApiRoute, route } from "./route.ts";
import { customerRoutes, overrideRoutes } from "./routes-customers.ts";
import { decisionRoutes } from "./routes-decisions.ts";
import { documentRoutes } from "./routes-documents.ts";
import { mappingRoutes } from "./routes-mapping.ts";
import { noticeRoutes } from "./routes-notices.ts";
import { guardRoutes, overviewRoutes } from "./routes-overview.ts";
import { policyRoutes } from "./routes-policy.ts";
import { policyFormRoutes } from "./routes-policy-form.ts";
import { promiseRoutes } from "./routes-promises.ts";
import { reportRoutes } from "./routes-reports.ts";
import { sessionRoutes } from "./routes-session.ts";
import { setUpRoutes } from "./routes-set-up.ts";
import { sidebarRoutes } from "./routes-sidebar.ts";
import { undoRoutes } from "./routes-undo.ts";

const described: readonly ApiRoute[] = [
  ...sessionRoutes,
  ...overviewRoutes,
  ...guardRoutes,
  ...decisionRoutes,
  ...undoRoutes,
  ...promiseRoutes,
  ...reportRoutes,
  ...noticeRoutes,
  ...customerRoutes,
  ...documentRoutes,
  ...overrideRoutes,
  ...sidebarRoutes,
  ...policyRoutes,
  ...policyFormRoutes,
  ...mappingRoutes,
  ...setUpRoutes,
];

const description = route({
  method: "get",
  path: "/openapi.json",
  access: "anyone",
  tag: "session",
  summary: "This description",
  answers: z.record(z.string(), z.unknown()),
  handle: async () => ({ ...apiDescription() }),
});

/** Every route below `/api/v1` but the stream of live updates. */
export const apiRoutes: readonly ApiRoute[] = [...described, description];

/** The OpenAPI document. */
export function apiDescription(): Readonly<Record<string, unknown>> {
  return openApi(apiRoutes);
}
