#!/usr/bin/env node
/**
 * The installed command's first file: plain JavaScript that every Node can read, so that an old one is told what to do
 * instead of failing on syntax it does not know. Nothing else is loaded before the version is known.
 */
const OLDEST = 24;

if (Number(process.versions.node.split(".")[0]) < OLDEST) {
  process.stderr.write(
    `priority-support needs Node ≥ ${OLDEST}, and this is Node ${process.versions.node}.\nfix: Install Node ${OLDEST} or newer (https://nodejs.org), or run the container image, which brings its own.\n`,
  );
  process.exitCode = 2;
} else if (process.argv[2] === "serve" && needsOneArena()) {
  process.execve(
    process.execPath,
    [process.execPath, ...process.execArgv, __filename, ...process.argv.slice(2)],
    {
      ...process.env,
      MALLOC_ARENA_MAX: "1",
    },
  );
} else {
  // The service turns over much short-lived memory: V8 would let the place for it grow to 64 MB. Kept small, a service
  // with a million accounts needs 45 MB less; set here, because it only works before there is anything to clear away.
  if (process.argv[2] === "serve") require("node:v8").setFlagsFromString("--semi-space-growth-factor=1");
  import("./cli.ts");
}

/**
 * glibc gives every thread memory of its own and hardly gives any back: in one arena the service needs 15 MB less after
 * some thousand webhooks. It reads this before anything else runs, so the process becomes itself again, under the same id.
 */
function needsOneArena() {
  const isFree = process.env.MALLOC_ARENA_MAX === undefined;
  return isFree && process.platform === "linux" && typeof process.execve === "function";
}
