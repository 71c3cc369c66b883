/** The product's webhook door on its SQLite store, with everything it does before it answers, and nobody behind it. */
import { join } from "node:path";
import { connectors } from "../../connectors/index.ts";
import { systemClock } from "../../src/clock.ts";
import { application, listen } from "../../src/http-server.ts";
import { silent } from "../../src/log.ts";
import { laneFinder } from "../../src/lookups.ts";
import { openMetrics } from "../../src/metrics.ts";
import { openStore } from "../../src/store/open.ts";
import { webhookRoutes } from "../../src/webhooks.ts";
import { answerWith } from "./answering.ts";
import { policyOfDemo } from "./figure-decide.ts";
import { fillStore } from "./filling.ts";

answerWith({
  start: async (told: { readonly folder: string; readonly secret: string; readonly accounts: number }) => {
    const policy = policyOfDemo();
    const store = await openStore(`sqlite:${join(told.folder, "door.db")}`, { warn: () => undefined });
    // The door looks up whose ticket it is: there must be somebody to find.
    await fillStore(store, policy, { seed: 7, companies: told.accounts, asOf: Date.now() });
    const metrics = openMetrics();
    const webhooks = webhookRoutes({
      sources: [
        {
          name: "zendesk",
          read: (request) =>
            connectors.zendesk.readZendeskWebhook(request, { secrets: [told.secret], now: Date.now() }),
        },
      ],
      inbox: store.inbox,
      laneOf: laneFinder(() => policy),
      closed: null,
      clock: systemClock,
      log: silent,
      metrics,
      stored: () => undefined,
      timed: () => undefined,
    });
    const parts = { webhooks, routes: [], metrics, metricsToken: () => null, dependencies: async () => [] };
    const { url } = await listen(application({ ...parts, log: silent }), "127.0.0.1", 0);
    return { url: `${url}/webhooks/zendesk` };
  },
});
