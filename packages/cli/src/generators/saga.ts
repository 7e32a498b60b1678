import { nameOf, type Name } from '../names';
import { editTypescript, importNames, listOption } from '../workspace/typescript';
import type { Workspace } from '../workspace/workspace';
import { WorkspaceError } from '../workspace/workspace-error';
import { addCommand, participantsOf } from './command';
import { addContracts, assertFree } from './contracts';

export interface SagaOptions {
  /** Whose command the saga's step is. @default the first participant */
  readonly participant?: string;
}

const ORCHESTRATOR = 'src/orchestrator/orchestrator.module.ts';
const FOLDER = 'src/orchestrator/sagas';

/** A saga with one compensatable step, the commands of that step, and tests. */
export function addSaga(workspace: Workspace, text: string, options: SagaOptions = {}): readonly string[] {
  const saga = nameOf(text);
  const participant = options.participant ?? participantsOf(workspace)[0];
  if (participant === undefined) {
    throw new WorkspaceError('There is no participant yet. Create one with "palinode generate participant NAME".');
  }
  const step = nameOf(`begin-${saga.kebab}`);
  const compensation = nameOf(`undo-${saga.kebab}`);
  addStart(workspace, saga);
  addCommand(workspace, `${participant}.${step.kebab}`, { compensation: compensation.kebab });
  workspace.create(`${FOLDER}/${saga.kebab}.ts`, definitionOf(saga, step, compensation));
  workspace.create(`${FOLDER}/${saga.kebab}.spec.ts`, testsOf(saga, step, compensation));
  register(workspace, saga);
  return [
    `say in src/contracts/${saga.kebab}.ts what the saga needs to know, and add its steps in ${FOLDER}/${saga.kebab}.ts`,
    `start it from a service, in its transaction: await this.sagas.start(tx, ${saga.camel}, { id })`,
  ];
}

function addStart(workspace: Workspace, { kebab, camel, pascal }: Name): void {
  assertFree(workspace, [camel, pascal]);
  addContracts(workspace, kebab, {
    imports: (file) => {
      importNames(file, '@palinode/saga/contract', 'defineStart');
      importNames(file, 'class-validator', 'IsUUID');
    },
    classes: [`export class ${pascal} {\n  @IsUUID() id!: string;\n}`],
    constants: [
      `/** What a service needs to start the saga. \`subject\` is the business key by which people look for it. */
export const ${camel} = defineStart('${kebab}', { input: ${pascal}, subject: ({ id }) => id });`,
    ],
  });
}

function register(workspace: Workspace, { kebab, camel }: Name): void {
  workspace.edit(ORCHESTRATOR, (text) =>
    editTypescript(text, (file) => {
      const definitions = listOption(file, /^OrchestratorModule\./, 'definitions');
      if (!definitions) {
        throw new WorkspaceError(
          `${ORCHESTRATOR} does not look as expected: OrchestratorModule.forRoot({ … }) has no list "definitions: [ … ]". Write it there.`,
        );
      }
      definitions.addElement(`${camel}Saga`);
      importNames(file, `./sagas/${kebab}.js`, `${camel}Saga`);
    }),
  );
}

function definitionOf({ camel }: Name, step: Name, compensation: Name): string {
  return `import { defineSaga } from '@palinode/saga/definition';
import { ${[step.camel, camel, compensation.camel].toSorted().join(', ')} } from '../../contracts/index.js';

export const ${camel}Saga = defineSaga({ ...${camel}, version: 1, deadline: '15m' })
  .compensatable('begin', {
    invoke: ${step.camel},
    payload: ({ input: { id } }) => ({ id }),
    compensation: { invoke: ${compensation.camel}, payload: ({ input: { id } }) => ({ id }) },
  })
  .build();
`;
}

function testsOf({ kebab, camel, pascal }: Name, step: Name, compensation: Name): string {
  return `import { explore, sagaTest } from '@palinode/saga/testing';
import { ${step.camel}, type ${pascal}, ${compensation.camel} } from '../../contracts/index.js';
import { ${camel}Saga } from './${kebab}.js';

const input: ${pascal} = { id: '019b76da-a800-7000-8000-000000000001' };

describe('the saga ${kebab}', () => {
  it('completes when its step succeeds', () => {
    sagaTest(${camel}Saga).start(input).reply(${step.camel}).expectStatus('COMPLETED');
  });

  it('compensates a step whose outcome is not known', () => {
    sagaTest(${camel}Saga).start(input).silence(${step.camel}).reply(${compensation.camel}).expectStatus('COMPENSATED');
  });

  it('has its effect, or none, whatever happens', () => {
    explore(${camel}Saga)
      .world({ begun: false })
      .on(${step.camel}, { effect: () => ({ begun: true }) })
      .on(${compensation.camel}, { effect: () => ({ begun: false }) })
      .whenCompleted('it has begun', ({ begun }) => begun)
      .whenCompensated('nothing is left of it', ({ begun }) => !begun)
      .start(input)
      .expectNoBrokenPromise();
  });
});
`;
}
