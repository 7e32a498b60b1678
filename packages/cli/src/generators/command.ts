import { commandNameOf, nameOf, type Name } from '../names';
import { addMethod, editTypescript, importNames, listOption } from '../workspace/typescript';
import type { Workspace } from '../workspace/workspace';
import { WorkspaceError } from '../workspace/workspace-error';
import { addContracts, assertFree } from './contracts';

export interface CommandOptions {
  /** Why the business may refuse it. */
  readonly refusal?: readonly string[];
  /** Whether its reply has data. */
  readonly reply?: boolean;
  /** The command that compensates it, without its participant. */
  readonly compensation?: string;
}

interface NewCommand {
  readonly service: Name;
  readonly command: Name;
  readonly refusals: readonly string[];
  readonly reply: boolean;
  /** What the author of the handler must know. */
  readonly advice: string;
}

/** A command of a participant: its contract, its handler, and its place in the participant's module. */
export function addCommand(workspace: Workspace, text: string, options: CommandOptions = {}): readonly string[] {
  const { service, command } = commandNameOf(text);
  const refusals = (options.refusal ?? []).map((reason) => nameOf(reason).kebab);
  const compensation = options.compensation === undefined ? undefined : nameOf(options.compensation);
  if (compensation?.kebab === command.kebab) {
    throw new WorkspaceError(`${text} cannot compensate itself. Name another command with --compensation.`);
  }
  assertParticipant(workspace, service);
  add(workspace, { service, command, refusals, reply: options.reply ?? false, advice: adviceFor(refusals) });
  if (compensation !== undefined) {
    const advice = 'Finds by the business key what the action did, and accepts that there may be nothing.';
    add(workspace, { service, command: compensation, refusals: [], reply: false, advice });
  }
  return [
    `say in src/contracts/${service.kebab}.ts what the command needs to know, and in ${commandsOf(service)} what it does`,
    `invoke ${command.camel} from a step of a saga in src/orchestrator/sagas`,
  ];
}

function adviceFor([refusal]: readonly string[]): string {
  const commits = 'What it writes through `tx` commits together with its reply';
  return refusal === undefined
    ? `${commits}; nothing does when it throws.`
    : `${commits}, or with refuse('${refusal}').`;
}

const moduleOf = ({ kebab }: Name): string => `src/${kebab}/${kebab}.module.ts`;
const commandsOf = ({ kebab }: Name): string => `src/${kebab}/${kebab}.commands.ts`;

/** The services of a workspace that handle commands. */
export function participantsOf(workspace: Workspace): readonly string[] {
  return workspace.list('src').filter((folder) => workspace.has(`src/${folder}/${folder}.commands.ts`));
}

function assertParticipant(workspace: Workspace, service: Name): void {
  if (participantsOf(workspace).includes(service.kebab)) return;
  throw new WorkspaceError(
    `There is no participant ${service.kebab}: ${commandsOf(service)} is missing. ` +
      `Create it with "palinode generate participant ${service.kebab}". There are: ${participantsOf(workspace).join(', ')}.`,
  );
}

function add(workspace: Workspace, command: NewCommand): void {
  addContract(workspace, command);
  addToModule(workspace, command);
  addHandler(workspace, command);
}

function addContract(
  workspace: Workspace,
  { service, command: { kebab, camel, pascal }, refusals, reply }: NewCommand,
): void {
  assertFree(workspace, [camel, pascal, ...(reply ? [`${pascal}Reply`] : [])]);
  const options = [
    `payload: ${pascal}`,
    ...(reply ? [`reply: ${pascal}Reply`] : []),
    ...(refusals.length > 0 ? [`refusals: [${refusals.map((reason) => `'${reason}'`).join(', ')}]`] : []),
  ];
  addContracts(workspace, service.kebab, {
    imports: (file) => {
      importNames(file, '@palinode/saga/contract', 'defineCommand');
      importNames(file, 'class-validator', 'IsUUID');
    },
    classes: [
      `export class ${pascal} {\n  @IsUUID() id!: string;\n}`,
      ...(reply ? [`export class ${pascal}Reply {\n  @IsUUID() id!: string;\n}`] : []),
    ],
    constants: [`export const ${camel} = defineCommand('${service.kebab}.${kebab}', { ${options.join(', ')} });`],
  });
}

function addToModule(workspace: Workspace, { service, command }: NewCommand): void {
  const path = moduleOf(service);
  workspace.edit(path, (text) =>
    editTypescript(text, (file) => {
      const commands = listOption(file, /^ParticipantModule\./, 'commands');
      if (!commands) {
        throw new WorkspaceError(
          `${path} does not look as expected: ParticipantModule.forRoot({ … }) has no list "commands: [ … ]". Write it there.`,
        );
      }
      commands.addElement(command.camel);
      importNames(file, '../contracts/index.js', command.camel);
    }),
  );
}

function addHandler(
  workspace: Workspace,
  { service, command: { camel, pascal }, refusals, reply, advice }: NewCommand,
): void {
  const path = commandsOf(service);
  const className = `${service.pascal}Commands`;
  const results = [
    reply ? `${pascal}Reply` : 'void',
    ...(refusals.length > 0 ? [`Refusal<${refusals.map((reason) => `'${reason}'`).join(' | ')}>`] : []),
  ];
  workspace.edit(path, (text) =>
    editTypescript(text, (file) => {
      const handlers = file.getClass(className);
      if (!handlers)
        throw new WorkspaceError(`${path} does not look as expected: it has no class ${className}. Write it there.`);
      importNames(file, '@nestjs/common', 'Logger');
      importNames(file, '@palinode/saga/participant', 'commandOf', 'HandleCommand');
      importNames(file, 'typeorm', 'EntityManager');
      importNames(file, '../contracts/index.js', camel, pascal, ...(reply ? [`type ${pascal}Reply`] : []));
      if (refusals.length > 0) importNames(file, '@palinode/saga/contract', 'type Refusal');
      addMethod(
        handlers,
        `/** ${advice} */
@HandleCommand(${camel})
async ${camel}({ id }: ${pascal}, tx: EntityManager): Promise<${results.join(' | ')}> {
  Logger.log(\`\${commandOf(tx).type} for \${id}\`, ${className}.name);${reply ? '\n  return { id: commandOf(tx).id };' : ''}
}`,
      );
    }),
  );
}
