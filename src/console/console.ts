/** The console as one thing: its pages, its API and its live updates, to be put beside the other routes. */
import express, { type NextFunction, type Request, type Response, type Router } from "express";
import { errorFields } from "../log.ts";
import { apiLimits, apiRouter, problemOut, sessionOf } from "./api.ts";
import { isOwnOrigin, secretOf } from "./browser.ts";
import { openLiveUpdates } from "./events.ts";
import { openPages } from "./pages.ts";
import type { ConsoleParts } from "./parts.ts";
import { ApiProblem } from "./problem.ts";
import { apiRoutes } from "./routes.ts";
import { signInRouter } from "./sign-in-pages.ts";
import { zafRouter } from "./zaf.ts";

export interface Console {
  readonly router: Router;
  /** Ends live updates, which would keep the server from stopping. */
  readonly stop: () => Promise<void>;
}

/** Everything people look at. Nothing is sent anywhere until somebody does. */
export function openConsole(parts: ConsoleParts): Console {
  const router = express.Router();
  const pages = openPages(parts.pages);
  const live = openLiveUpdates(parts);
  const limits = apiLimits();
  router.get("/api/v1/events", async (request: Request, response: Response) => {
    try {
      const secret = secretOf(request);
      const session = await sessionOf(parts, request, parts.clock.now());
      if (session === null || secret === null || !isOwnOrigin(request, parts.publicUrl))
        throw new ApiProblem(
          401,
          "signed_out",
          "Nobody is signed in, or the session is over.",
          "Sign in again.",
        );
      live.listen(request, response, session, secret);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      problemOut(response, error);
    }
  });
  router.use("/api/v1", apiRouter(parts, apiRoutes, limits));
  router.use(pages.assets);
  router.use(signInRouter(parts));
  router.use(zafRouter(parts, pages));
  router.get(/^\/console(?:\/.*)?$/, (_request, response) =>
    pages.send(response, { place: "console", session: null, role: null, frame: null }),
  );
  router.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    parts.log.error(errorFields(error), "a page of the console could not be answered");
    problemOut(
      response,
      new ApiProblem(500, "internal", "The request could not be answered.", "Try it again."),
    );
  });
  const stop = async (): Promise<void> => {
    await Promise.all([live.stop(), parts.setUp.jobs.stop()]);
  };
  return { router, stop };
}
