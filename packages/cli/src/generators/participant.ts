import { nameOf } from '../names';
import type { Workspace } from '../workspace/workspace';
import { addService, mainOf } from './service';

/** A service that handles commands; it has none yet. */
export function addParticipant(workspace: Workspace, text: string): readonly string[] {
  const name = nameOf(text);
  const { kebab, pascal } = name;
  addService(workspace, name);
  workspace.create(
    `src/${kebab}/main.ts`,
    mainOf(name, { connect: 'connectParticipant', from: '@palinode/saga/participant' }),
  );
  workspace.create(
    `src/${kebab}/${kebab}.module.ts`,
    `import { Module } from '@nestjs/common';
import { ParticipantHealth, ParticipantModule, participantMigrations } from '@palinode/saga/participant';
import { databaseModule } from '../service/database.js';
import { kafka } from '../service/environment.js';
import { HealthController, READINESS } from '../service/health.controller.js';
import { ${pascal}Commands } from './${kebab}.commands.js';

@Module({
  imports: [databaseModule(participantMigrations), ParticipantModule.forRoot({ service: '${kebab}', commands: [], kafka })],
  controllers: [HealthController, ${pascal}Commands],
  providers: [{ provide: READINESS, useExisting: ParticipantHealth }],
})
export class ${pascal}Module {}
`,
  );
  workspace.create(
    `src/${kebab}/${kebab}.commands.ts`,
    `import { Controller } from '@nestjs/common';

@Controller()
export class ${pascal}Commands {}
`,
  );
  return [
    `add its first command: palinode generate command ${kebab}.VERB-NOUN`,
    'restart npm start, which starts it too',
  ];
}
