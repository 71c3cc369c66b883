/**
 * `node test/report/played.ts` makes those pages of docs/reports anew that come from played years: the three verdicts of
 * differentiation, and attainment. Two minutes on a quiet machine.
 */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDemo } from "../../src/demo/demo.ts";
import { writePages } from "../../src/demo/year-reports.ts";
import { silent } from "../../src/log.ts";
import { YEAR_VERSIONS } from "../../src/sandbox/year.ts";

/** The years end on the last Tuesday before this. */
const NOW = Date.UTC(2026, 6, 14, 18);
const FOLDER = "docs/reports";
const KEPT = [...YEAR_VERSIONS.map((version) => `${version}-differentiation.html`), "faster-attainment.html"];

const all = mkdtempSync(join(tmpdir(), "played-"));
for (const version of YEAR_VERSIONS) {
  const demo = await startDemo({
    ...{ seed: 20_260_622, companies: 120, log: silent, now: NOW, scenario: { version, tickets: null } },
    progress: () => {},
    onTicket: () => {},
  });
  if (demo.reports !== null) writePages(demo.reports, all);
  await demo.stop();
}
mkdirSync(FOLDER, { recursive: true });
for (const page of KEPT)
  copyFileSync(join(all, page), join(FOLDER, page.replace("faster-attainment", "attainment")));
rmSync(all, { recursive: true });
