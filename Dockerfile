# syntax=docker/dockerfile:1
ARG NODE_IMAGE=docker.io/library/node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
# No install scripts: the development dependency `node` would fetch a second Node, and the image has its own.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
COPY connectors ./connectors
RUN npm run build \
  && find dist -name '*.map' -delete \
  && npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
  && npm pkg delete devDependencies overrides \
  && npm sbom --sbom-format cyclonedx >sbom.cdx.json

FROM ${NODE_IMAGE}
# Inside a container loopback is nobody's door: listen on every address and publish the port as needed.
# TMPDIR: with a read-only root file system /app/data is the only place for scratch files (demo, dry runs).
# MALLOC_ARENA_MAX: the launcher would set it for `serve`, and start twice for that.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 TMPDIR=/app/data MALLOC_ARENA_MAX=1
WORKDIR /app
COPY package.json LICENSE policy.example.yaml ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/sbom.cdx.json ./
# The store. SQLite needs a local disk; with DATABASE_URL=postgres://… nothing is kept here.
RUN mkdir -p /app/data && chown node:node /app/data
VOLUME /app/data
USER node
EXPOSE 8080
# Liveness only: a busy or paused upstream must not restart the service. /readyz tells more.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# One image for every verb: `docker run IMAGE demo --once`, `docker run IMAGE policy lint policy.yaml`.
ENTRYPOINT ["node", "/app/dist/src/launcher.cjs"]
CMD ["serve"]
