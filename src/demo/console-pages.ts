/** In a checkout the console's pages are built when they are first wanted, and again when their sources have changed. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What became of the pages. `missing` = not built here, and there is nothing to build them with. */
export type PagesReady = "there" | "built" | "missing" | "failed";

/** A build takes some seconds; one that hangs must not keep the demo. */
const BUILD_MS = 120_000;

/**
 * Sees to it that `folder` holds the console's pages. `building` is called before a build begins.
 * An installed package has them; only a checkout can build.
 */
export async function readyPages(folder: string, building: () => void): Promise<PagesReady> {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const sources = join(root, "src/console/ui");
  const vite = join(root, "node_modules/vite/bin/vite.js");
  const page = join(folder, "console.html");
  const canBuild = existsSync(sources) && existsSync(vite);
  if (existsSync(page) && (!canBuild || statSync(page).mtimeMs >= newestOf(sources))) return "there";
  if (!canBuild) return "missing";
  building();
  const child = spawn(
    process.execPath,
    [vite, "build", "-c", join(sources, "vite.config.ts"), "--logLevel", "error"],
    {
      cwd: root,
      // Its words go where the demo's errors go; the JSON of --json stays alone.
      stdio: ["ignore", "ignore", "inherit"],
      signal: AbortSignal.timeout(BUILD_MS),
    },
  );
  try {
    const [code] = await once(child, "exit");
    return code === 0 ? "built" : "failed";
  } catch {
    return "failed";
  }
}

function newestOf(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return Math.max(0, ...files.map((file) => statSync(join(file.parentPath, file.name)).mtimeMs));
}
