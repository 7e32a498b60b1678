/* What every new service needs: a place in npm start, Docker Compose and Kubernetes. */
import { Node, SyntaxKind } from 'ts-morph';
import type { Name } from '../names';
import { editTypescript, objectNamed } from '../workspace/typescript';
import type { Workspace } from '../workspace/workspace';
import { WorkspaceError } from '../workspace/workspace-error';
import { addToList, addToMap, addWord } from '../workspace/yaml';

const SERVICES = 'src/dev/services.ts';
const COMPOSE = 'docker-compose.yml';
const KUBERNETES = 'deploy/kubernetes';

/** Adds a service to everything that runs services. Its folder must be new. */
export function addService(workspace: Workspace, { kebab }: Name): void {
  if (workspace.list(`src/${kebab}`).length > 0)
    throw new WorkspaceError(`src/${kebab} exists already. Choose another name.`);
  const port = addToStart(workspace, kebab);
  addToCompose(workspace, kebab, port);
  addToKubernetes(workspace, kebab);
}

/** Returns the port that it gives the service. */
function addToStart(workspace: Workspace, service: string): number {
  let port = 0;
  workspace.edit(SERVICES, (text) =>
    editTypescript(text, (file) => {
      const services = objectNamed(file, 'services');
      if (!services) throw new WorkspaceError(`${SERVICES} has no "export const services = { … }". Restore it.`);
      const ports = services
        .getProperties()
        .filter(Node.isPropertyAssignment)
        .map((property) => property.getInitializerIfKind(SyntaxKind.NumericLiteral)?.getLiteralValue() ?? 0);
      port = Math.max(2_999, ...ports) + 1;
      services.addPropertyAssignment({
        name: service.includes('-') ? `'${service}'` : service,
        initializer: String(port),
      });
    }),
  );
  return port;
}

function addToCompose(workspace: Workspace, service: string, port: number): void {
  if (!workspace.has(COMPOSE)) return;
  workspace.edit(COMPOSE, (text) =>
    addToMap(
      COMPOSE,
      addWord(COMPOSE, text, ['services', 'databases', 'environment', 'DATABASES'], service),
      ['services'],
      `
  ${service}:
    <<: *service
    command: ['node', 'dist/${service}/main.js']
    environment:
      PORT: ${port}
      KAFKA_BROKERS: kafka:9092
      DATABASE_URL: postgres://${service}:${service}@postgres:5432/${service}
    ports: ['127.0.0.1:${port}:${port}']`,
    ),
  );
}

function addToKubernetes(workspace: Workspace, service: string): void {
  const kustomization = `${KUBERNETES}/kustomization.yaml`;
  if (!workspace.has(kustomization)) return;
  workspace.edit(kustomization, (text) => addToList(kustomization, text, ['resources'], `${service}.yaml`));
  workspace.create(
    `${KUBERNETES}/${service}.yaml`,
    `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${service}
spec:
  selector:
    matchLabels: { app: ${service} }
  template:
    metadata:
      labels: { app: ${service} }
    spec:
      containers:
        - name: service
          command: ['node', 'dist/${service}/main.js']
          env:
            - name: DATABASE_URL
              valueFrom:
                secretKeyRef: { name: ${service}-database, key: url }
---
apiVersion: v1
kind: Service
metadata:
  name: ${service}
spec:
  selector: { app: ${service} }
  ports:
    - name: http
      port: 80
      targetPort: http
`,
  );
}

/** Its entry point; `connect` is the function that connects it to Kafka. */
export function mainOf({ kebab, pascal }: Name, { connect, from }: { connect: string; from: string }): string {
  return `import { NestFactory } from '@nestjs/core';
import { ${connect} } from '${from}';
import { listen } from '../service/listen.js';
import { logger } from '../service/logger.js';
import { ${pascal}Module } from './${kebab}.module.js';

const app = await NestFactory.create(${pascal}Module, { logger });
${connect}(app);
await listen(app);
`;
}
