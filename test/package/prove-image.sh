#!/usr/bin/env bash
# Builds the real Dockerfile and runs what came out of it, on a machine without a Docker engine.
# Needs root, buildah, debootstrap and the network (Debian's and npm's registries); about three minutes from nothing.
# What it does and why: docs/decisions/0006-image-without-a-docker-engine.md. Leaves nothing behind.
#   test/package/prove-image.sh [FOLDER]     FOLDER keeps the Debian base between runs
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
for tool in buildah debootstrap unshare; do
  command -v "$tool" >/dev/null || { echo "NOT RUN: $tool is missing. fix: apt-get install -y buildah debootstrap util-linux" >&2; exit 2; }
done
[ "$(id -u)" -eq 0 ] || { echo "NOT RUN: building without an engine needs root" >&2; exit 2; }

work=$(mktemp -d)
keep=${1:-$work}
export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot
tool() { buildah --root "$work/storage" --runroot "$work/run" "$@"; }
started=()
clean() {
  [ ${#started[@]} -eq 0 ] || kill "${started[@]}" 2>/dev/null || true
  tool rm --all >/dev/null 2>&1 || true
  tool rmi --all --force >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap clean EXIT
say() { printf '\n== %s\n' "$*"; }
fail() { echo "FAILED: $*" >&2; exit 1; }
# The checkout's own Node: it goes into the stand-in image and runs the sandbox.
node=$(cd "$root" && node_modules/.bin/node -p process.execPath)

say "stand-in for node:24-bookworm-slim: Debian, the checkout's Node, npm, the user node"
if [ ! -f "$keep/base.tar" ]; then
  debootstrap --variant=minbase bookworm "$work/base" >"$work/debootstrap.log"
  tar -C "$work/base" -cf "$keep/base.tar" .
fi
base=$(tool from scratch)
tool add --quiet "$base" "$keep/base.tar" / >/dev/null
tool copy --quiet --chmod 755 "$base" "$node" /usr/local/bin/node >/dev/null
tool copy --quiet "$base" "$(npm root -g)/npm" /usr/local/lib/node_modules/npm >/dev/null
tool run "$base" -- sh -c 'ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && useradd --uid 1000 --create-home node'
tool commit --quiet --rm "$base" docker.io/library/node:24-bookworm-slim >/dev/null

say "the Dockerfile as it stands"
# This machine's npm settings and certificates reach the build as mounts, so nothing of them stays in the image.
cat "$HOME/.npmrc" >"$work/npmrc" 2>/dev/null || true
[ ! -f /etc/ssl/certs/ca-certificates.crt ] || echo cafile=/etc/ssl/certs/ca-certificates.crt >>"$work/npmrc"
time tool bud --quiet --format docker --network host --pull-never \
  -v /etc/ssl/certs:/etc/ssl/certs:ro -v "$work/npmrc:/root/.npmrc:ro" -t priority-support "$root" >/dev/null
tool inspect --type image priority-support >"$work/image.json"
of_image() { "$node" -p "const c = JSON.parse(fs.readFileSync('$work/image.json', 'utf8')).Docker.config; $1"; }
of_image 'JSON.stringify({ User: c.User, Entrypoint: c.Entrypoint, Cmd: c.Cmd, Healthcheck: c.Healthcheck !== undefined, Volumes: Object.keys(c.Volumes) })'
[ "$(of_image c.User)" = node ] || fail "the image does not run as node"
[ "$(of_image 'c.Healthcheck.Test.length > 1')" = true ] || fail "the image has no HEALTHCHECK"

container=$(tool from --pull-never priority-support)
place=$(tool mount "$container")
mapfile -t entry < <(of_image 'c.Entrypoint.join("\n")')
mapfile -t image_env < <(of_image 'c.Env.join("\n")')
mkdir -m 700 "$work/data" "$work/config"
chown 1000:1000 "$work/data"

# in_image [NAME=VALUE …] -- COMMAND …: user, environment and folder of the image, root file system read-only.
# With how=exec it takes the place of the shell it runs in, so that a signal reaches the command itself.
in_image() {
  local extra=()
  while [ "$1" != -- ]; do extra+=("$1"); shift; done
  shift
  ${how:-} unshare --mount bash -euc '
    place=$1; data=$2; shift 2
    mount --bind "$place" "$place"
    mount -t proc proc "$place/proc"
    mount --bind /dev/null "$place/dev/null"
    mount --bind "$data" "$place/app/data"
    mount -o remount,bind,ro "$place"
    exec chroot --userspec=1000:1000 "$place" env -i -C /app "$@"' \
    in-image "$place" "$work/data" "${image_env[@]}" "${extra[@]}" "$@"
}

say "the root file system is read-only, the user is not root"
in_image -- sh -c 'id -u; touch /app/x 2>&1 || true; touch /app/data/x && rm /app/data/x && echo "/app/data can be written"'
in_image -- sh -c 'touch /tmp/x' 2>/dev/null && fail "the root file system can be written"

say "every verb: --help, policy lint, demo --once --json"
in_image -- "${entry[@]}" --help | head -n 3
in_image -- "${entry[@]}" policy lint policy.example.yaml | tail -n 1
in_image -- "${entry[@]}" demo --once --json >"$work/demo.json"
"$node" -p 'const d = JSON.parse(fs.readFileSync(process.argv[1], "utf8")); `${d.tickets.length} tickets, ${d.tickets.filter((t) => t.slaVerified).length} SLAs verified`' "$work/demo.json"
[ -z "$(ls -A "$work/data")" ] || fail "the demo left files behind: $(ls "$work/data")"

say "serve, with the sandbox outside"
port=$("$node" -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
"$node" "$root/test/flow/process/sandbox.ts" "{\"endpoint\":\"http://127.0.0.1:$port/webhooks/zendesk\",\"policyFile\":\"$work/policy.yaml\"}" \
  </dev/null >"$work/sandbox.json" 2>"$work/sandbox.log" &
started+=($!)
for _ in $(seq 100); do [ -s "$work/sandbox.json" ] && break; sleep 0.1; done
mapfile -t settings < <("$node" -p 'Object.entries(JSON.parse(fs.readFileSync(process.argv[1], "utf8").split("\n")[0]).env).map((e) => e.join("=")).join("\n")' "$work/sandbox.json")
cp "$work/policy.yaml" "$work/data/policy.yaml" && chmod 644 "$work/data/policy.yaml"
how=exec in_image "${settings[@]}" POLICY_FILE=/app/data/policy.yaml PORT="$port" HOST=0.0.0.0 -- "${entry[@]}" serve 2>"$work/serve.log" &
service=$!
started+=("$service")
ready() { "$node" -e 'fetch(`http://127.0.0.1:${process.argv[1]}/readyz`).then(async (r) => { console.log(r.status, await r.text()); process.exit(r.ok ? 0 : 1); }, () => process.exit(1))' "$port"; }
for _ in $(seq 100); do ready >"$work/ready" && break; sleep 0.2; done
cat "$work/ready"
grep -q '^200' "$work/ready" || { tail -n 5 "$work/serve.log"; fail "/readyz did not answer 200"; }
mapfile -t health < <(of_image 'c.Healthcheck.Test.slice(1).join("\n")')
in_image PORT="$port" -- "${health[@]}" && echo "HEALTHCHECK says healthy"
kill -TERM "$service"
code=0
wait "$service" || code=$?
echo "stopped with exit code $code"
[ "$code" -eq 0 ] || fail "the service did not stop cleanly"
in_image PORT="$port" -- "${health[@]}" && fail "HEALTHCHECK says healthy though nothing runs"
say "the image is as promised"
