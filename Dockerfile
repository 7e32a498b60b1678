# One image per service: docker build --build-arg SERVICE=order .
FROM node:22-slim AS build
WORKDIR /palinode
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build && npm run console:build
# Faults on demand, the test kit and what only benches and tests import are for development; what is shipped has none of them.
RUN rm -rf dist/libs/saga/src/faults dist/libs/saga/src/testing dist/libs/saga/src/internal

# Without the embedded PostgreSQL's binaries, which are optional, and without what only the build needs.
FROM node:22-slim AS dependencies
WORKDIR /palinode
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts

FROM node:22-slim
ARG SERVICE
ENV NODE_ENV=production HOST=0.0.0.0 SERVICE=$SERVICE
WORKDIR /palinode
COPY --from=dependencies /palinode/node_modules node_modules
COPY --from=build /palinode/package.json .
COPY --from=build /palinode/dist/libs/console dist/libs/console
COPY --from=build /palinode/dist/libs/contracts dist/libs/contracts
COPY --from=build /palinode/dist/libs/saga dist/libs/saga
COPY --from=build /palinode/dist/libs/service dist/libs/service
COPY --from=build /palinode/dist/apps dist/apps
USER node
# exec, so that the service itself gets SIGTERM and shuts down in order.
CMD ["sh", "-c", "exec node --enable-source-maps dist/apps/$SERVICE/src/main.js"]
