# The gateway alone: it needs a PostgreSQL (DATABASE_URL) and, in production, ENCRYPTION_KEYS.
FROM node:22-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY src ./src
COPY migrations ./migrations
RUN npm run build && npm prune --omit=dev --omit=optional --ignore-scripts

FROM node:22-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000
WORKDIR /app
COPY --from=build --chown=root:root /app/node_modules ./node_modules
COPY --from=build --chown=root:root /app/dist ./dist
COPY --chown=root:root package.json LICENSE ./
COPY --chown=root:root bin ./bin
USER node
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Node itself, not npm: it receives SIGTERM, drains and exits.
# Fewer arenas of malloc() and less room for short-lived objects keep the process below 200 MB.
ENV MALLOC_ARENA_MAX=2
CMD ["node", "--enable-source-maps", "--heap-growing-percent=50", "dist/src/cli/main.js", "serve"]
