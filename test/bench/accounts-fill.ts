/** Fills a store in a process of its own, so that what it takes is not counted with anybody. */
import { writeFileSync } from "node:fs";
import { openStore } from "../../src/store/open.ts";
import { answerWith } from "./answering.ts";
import { policyOfDemo } from "./figure-decide.ts";
import { type Filling, fillStore } from "./filling.ts";

answerWith({
  fill: async (told: Filling & { readonly databaseUrl: string; readonly tiersFile: string }) => {
    const store = await openStore(told.databaseUrl, { warn: () => undefined });
    const tiers = await fillStore(store, policyOfDemo(), told);
    writeFileSync(told.tiersFile, tiers.join("\n"));
    await store.close();
  },
});
