# Collector image: the collector and the built plugin, without build tools, run by an account without rights.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY collector/package.json collector/
COPY collector/event-model/package.json collector/event-model/
COPY grafana-plugin/package.json grafana-plugin/
RUN npm ci --ignore-scripts
COPY . .
# The image's own Node is the one the project pins, so the package that brings it elsewhere is not needed here.
RUN node grafana-plugin/build/build.ts

FROM node:24.21.0-bookworm-slim AS modules
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY collector/package.json collector/
COPY collector/event-model/package.json collector/event-model/
COPY grafana-plugin/package.json grafana-plugin/
RUN npm ci --omit=dev --omit=optional --ignore-scripts --workspace collector --workspace collector/event-model

FROM node:24.21.0-bookworm-slim AS collector
ENV NODE_ENV=production
WORKDIR /app
COPY --from=modules /app/node_modules node_modules
COPY --from=build /app/node_modules/@grafana/ui/dist/public/img/icons node_modules/@grafana/ui/dist/public/img/icons
COPY package.json LICENSE ./
COPY collector collector
COPY --from=build /app/grafana-plugin/dist grafana-plugin/dist
COPY --from=build /app/grafana-plugin/dist-host grafana-plugin/dist-host
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin signalbox \
  && mkdir /data && chown 10001 /data
# The heads of the audit are kept here, outside the database.
ENV SIGNALBOX_DATA_DIR=/data
VOLUME /data
USER 10001
EXPOSE 4317 4318 4320
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4320/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--max-old-space-size=1024", "collector/src/main.ts"]
