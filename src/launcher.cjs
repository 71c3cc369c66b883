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
} else {
  // The service turns over much short-lived memory: V8 would let the place for it grow to 64 MB. Kept small, a service
  // with a million accounts needs 45 MB less; set here, because it only works before there is anything to clear away.
  if (process.argv[2] === "serve") require("node:v8").setFlagsFromString("--semi-space-growth-factor=1");
  import("./cli.ts");
}
