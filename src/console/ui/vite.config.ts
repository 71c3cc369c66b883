import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Two pages: the console, and the small one beside a ticket or an organization, which must be there at once. */
export default defineConfig({
  root: here("."),
  base: "/console/",
  oxc: { jsx: { runtime: "automatic" } },
  build: {
    outDir: here("../../../dist/ui"),
    emptyOutDir: true,
    target: "es2022",
    // No inlined files: the pages forbid data: addresses for scripts and styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { console: here("console.html"), sidebar: here("sidebar.html") },
      // Libraries mark files for React's server side, which is not used here.
      checks: { pluginTimings: false },
      onLog: (level, log, report) => {
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") report(level, log);
      },
    },
  },
});
