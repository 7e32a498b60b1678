import { nameOf } from '../names';
import type { Workspace } from '../workspace/workspace';
import { WorkspaceError } from '../workspace/workspace-error';
import { eventsOf, type PublishedEvent } from './contracts';
import { addService, mainOf } from './service';

export interface SubscriberOptions {
  /** On the wire, such as `orders.order-approved`. @default the first event of the contracts */
  readonly event?: string;
}

/** A service that stores each event of one kind, once. */
export function addSubscriber(workspace: Workspace, text: string, options: SubscriberOptions = {}): readonly string[] {
  const name = nameOf(text);
  const { kebab, pascal } = name;
  const { constant, payload } = eventNamed(workspace, options.event);
  const migration = `CreateReceivedEvents${Date.now()}`;
  addService(workspace, name);
  workspace.create(
    `src/${kebab}/main.ts`,
    mainOf(name, { connect: 'connectSubscriber', from: '@palinode/saga/subscriber' }),
  );
  workspace.create(
    `src/${kebab}/${kebab}.module.ts`,
    `import { Module } from '@nestjs/common';
import { Subscriber, SubscriberModule, subscriberMigrations } from '@palinode/saga/subscriber';
import { databaseModule } from '../service/database.js';
import { kafka } from '../service/environment.js';
import { HealthController, READINESS } from '../service/health.controller.js';
import { ${migration} } from './create-received-events.js';
import { ${pascal}Events } from './${kebab}.events.js';

@Module({
  imports: [
    databaseModule([...subscriberMigrations, ${migration}]),
    SubscriberModule.forRoot({ group: '${kebab}', kafka }),
  ],
  controllers: [HealthController, ${pascal}Events],
  providers: [{ provide: READINESS, useExisting: Subscriber }],
})
export class ${pascal}Module {}
`,
  );
  workspace.create(
    `src/${kebab}/create-received-events.ts`,
    `import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ${migration} implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE received_event (id uuid PRIMARY KEY, type text NOT NULL, payload jsonb NOT NULL)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE received_event');
  }
}
`,
  );
  workspace.create(
    `src/${kebab}/${kebab}.events.ts`,
    `import { Controller } from '@nestjs/common';
import { eventOf, HandleEvent } from '@palinode/saga/subscriber';
import { EntityManager } from 'typeorm';
import { ${[payload, constant].toSorted().join(', ')} } from '../contracts/index.js';

@Controller()
export class ${pascal}Events {
  /** What it writes through \`tx\` is there once, however often the event arrives. */
  @HandleEvent(${constant})
  async ${constant}(event: ${payload}, tx: EntityManager): Promise<void> {
    const { id, type } = eventOf(tx);
    await tx.query('INSERT INTO received_event (id, type, payload) VALUES ($1, $2, $3)', [id, type, JSON.stringify(event)]);
  }
}
`,
  );
  return [`say in src/${kebab}/${kebab}.events.ts what it does`, 'restart npm start, which starts it too'];
}

function eventNamed(workspace: Workspace, wanted: string | undefined): PublishedEvent {
  const events = eventsOf(workspace);
  const found = wanted === undefined ? events[0] : events.find(({ name }) => name === wanted);
  if (found) return found;
  const known = events.length > 0 ? `There are: ${events.map(({ name }) => name).join(', ')}.` : 'There are none yet.';
  throw new WorkspaceError(
    `${wanted === undefined ? 'There is no event to subscribe to' : `There is no event ${wanted}`} in src/contracts. ` +
      `Define one with defineEvent, and list it in "events" of the participant that publishes it. ${known}`,
  );
}
