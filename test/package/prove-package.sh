#!/usr/bin/env bash
# Packs the package, installs it into an empty folder and runs its command there: under the checkout's Node 24, and
# under an older Node where there is one (OLD_NODE, or the first `node` on PATH).
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
say() { printf '\n== %s\n' "$*"; }
fail() { echo "FAILED: $*" >&2; exit 1; }
new=$(dirname "$(cd "$root" && node_modules/.bin/node -p process.execPath)")

say "npm pack"
tarball=$(cd "$root" && npm pack --silent --pack-destination "$work")
ls -l "$work/$tarball"
tar -tzf "$work/$tarball" | sed 's|^package/||' >"$work/files"
for file in dist/src/launcher.cjs dist/src/cli.js dist/src/store/sqlite-writer.js dist/ui/console.html dist/ui/sidebar.html policy.example.yaml README.md LICENSE; do
  grep -qx "$file" "$work/files" || fail "$file is not in the package"
done
! grep -E '^(src|test|node_modules)/|\.map$|\.env' "$work/files" || fail "the package holds what it should not"

say "installed in an empty folder, and for everybody (npm i -g)"
mkdir "$work/app" "$work/global"
(cd "$work/app" && npm init -y >/dev/null && npm i --ignore-scripts --silent --no-audit --no-fund "$work/$tarball")
npm i --ignore-scripts --silent --no-audit --no-fund --prefix "$work/global" -g "$work/$tarball"
command="$work/app/node_modules/.bin/priority-support"

say "under Node 24: demo --once --json, and a policy"
cd "$work/app"
PATH="$new:$PATH" "$command" demo --once --json >"$work/demo.json"
"$new/node" -p 'const d = JSON.parse(fs.readFileSync(process.argv[1], "utf8")); `${d.tickets.length} tickets, ${d.tickets.filter((t) => t.slaVerified).length} SLAs verified`' "$work/demo.json"
PATH="$new:$PATH" "$work/global/bin/priority-support" policy lint node_modules/priority-support/policy.example.yaml | tail -n 1

old=${OLD_NODE:-$(command -v node || true)}
major=$("$old" -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 99)
if [ "$major" -ge 24 ]; then
  echo "NOT RUN: no Node older than 24 here. fix: set OLD_NODE to one" >&2
else
  say "under Node $major"
  code=0
  PATH="$(dirname "$old"):$PATH" "$command" demo --once 2>"$work/old" || code=$?
  cat "$work/old"
  [ "$code" -eq 2 ] || fail "exit code $code instead of 2"
  grep -q 'needs Node ≥ 24' "$work/old" && grep -q '^fix: ' "$work/old" || fail "the message does not help"
fi
say "the package is as promised"
