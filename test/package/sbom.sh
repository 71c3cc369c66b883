#!/usr/bin/env bash
# Prints the bill of materials of what the product runs with (CycloneDX), from the lock file alone. `npm sbom --omit dev`
# by itself leaves out whatever a development tool needs as well (npm 11.19.1), so the tools are taken out first.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
node - "$root" "$work" <<'JS'
const { readFileSync, writeFileSync } = require("node:fs");
const [root, work] = process.argv.slice(2);
const read = (name) => JSON.parse(readFileSync(`${root}/${name}`, "utf8"));
const without = ({ devDependencies, overrides, ...rest }) => rest;
const lock = read("package-lock.json");
const kept = Object.entries(lock.packages).filter(([, one]) => !one.dev && !one.devOptional);
const packages = Object.fromEntries(kept.map(([path, one]) => [path, path === "" ? without(one) : one]));
writeFileSync(`${work}/package.json`, JSON.stringify(without(read("package.json"))));
writeFileSync(`${work}/package-lock.json`, JSON.stringify({ ...lock, packages }));
JS
cd "$work"
npm sbom --sbom-format cyclonedx --package-lock-only
