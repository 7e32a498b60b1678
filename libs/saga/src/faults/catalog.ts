import { CHILDREN, START_SAGA, type CommandContract, type Direction } from '../contract';
import { stepsOf, type CommandSpec, type DefinitionRegistry } from '../definition';
import { DEFAULT_MS, FAULT_POINTS, type EffectType, type FaultPoint, type FaultRule } from './fault-rule';

/** The orchestrator as a service, whatever its name. */
export const ORCHESTRATOR = CHILDREN;
/** The message by which a service starts a saga, without its version. */
export const START = START_SAGA.replace(/\.v\d+$/, '');

/** participant: handles commands. starter: starts sagas. orchestrator: takes starts and replies, sends commands. */
export type Role = 'participant' | 'starter' | 'orchestrator';

const WHERE: Readonly<Record<Role, string>> = {
  participant: 'a participant',
  starter: 'the service that starts sagas',
  orchestrator: 'the orchestrator',
};

const WAITS = ['delay', 'hang', 'crash'] as const;

/** Which effects are possible where. */
export const POSSIBLE: Readonly<Record<Role, Readonly<Partial<Record<FaultPoint, readonly EffectType[]>>>>> = {
  participant: {
    received: [...WAITS, 'poison'],
    'before-handler': ['refuse', 'fail', ...WAITS],
    'before-commit': ['fail', ...WAITS],
    'after-commit': WAITS,
    'before-publish': ['drop-reply', 'duplicate-reply', 'late-reply', ...WAITS],
    'after-publish': WAITS,
  },
  starter: { 'before-commit': WAITS, 'after-commit': WAITS, 'before-publish': WAITS, 'after-publish': WAITS },
  orchestrator: {
    received: WAITS,
    'before-commit': WAITS,
    'after-commit': WAITS,
    'before-publish': WAITS,
    'after-publish': WAITS,
  },
};

/** Where an effect strikes unless the rule says. */
export const USUAL_POINT: Readonly<Record<EffectType, FaultPoint>> = {
  refuse: 'before-handler',
  fail: 'before-handler',
  delay: 'before-handler',
  hang: 'before-handler',
  'drop-reply': 'before-publish',
  'duplicate-reply': 'before-publish',
  'late-reply': 'before-publish',
  poison: 'received',
  crash: 'after-commit',
};

export interface CatalogCommand {
  readonly name: string;
  readonly service: string;
  readonly directions: readonly Direction[];
  readonly refusals: readonly string[];
}

/** What faults there can be in this system. */
export interface FaultCatalog {
  readonly services: readonly string[];
  readonly commands: readonly CatalogCommand[];
}

/** A command of a saga, and in which directions it goes. */
export interface InvokedCommand {
  readonly contract: CommandContract;
  readonly directions: readonly Direction[];
}

/** The commands of all definitions. */
export function commandsOf(registry: DefinitionRegistry): readonly InvokedCommand[] {
  const found = new Map<string, InvokedCommand>();
  const add = (direction: Direction, commandSpec: CommandSpec | undefined): void => {
    if (commandSpec === undefined) return;
    const { command: contract } = commandSpec;
    const { directions } = found.get(contract.type) ?? { directions: [] };
    found.set(contract.type, { contract, directions: [...new Set([...directions, direction])] });
  };
  for (const { action, compensation } of registry.all().flatMap(stepsOf)) {
    add('action', action);
    add('compensation', compensation);
  }
  return [...found.values()];
}

export function catalogOf(invoked: readonly InvokedCommand[]): FaultCatalog {
  const commands = invoked.map(({ contract: { name, service, refusals }, directions }) => ({
    name,
    service,
    directions,
    refusals,
  }));
  return { services: [...new Set([...commands.map(({ service }) => service), ORCHESTRATOR])].toSorted(), commands };
}

export interface RuleProblem {
  readonly field: string;
  readonly problem: string;
}

/** Why this rule could never strike, or not as it says, naming what is possible; nothing when it can. */
export function impossible(rule: Omit<FaultRule, 'id'>, catalog: FaultCatalog | undefined): RuleProblem | undefined {
  return withoutUse(rule) ?? (catalog && notInCatalog(rule, catalog));
}

/** A field that this effect, or this command, has no use for, and that would be ignored. */
function withoutUse({
  command,
  direction,
  attempt,
  effect: { type, ms, reason },
}: Omit<FaultRule, 'id'>): RuleProblem | undefined {
  const onlyFor = (field: string, effects: string): RuleProblem => ({
    field,
    problem: `is only for ${effects}, not for ${type}`,
  });
  if (ms !== undefined && DEFAULT_MS[type] === undefined)
    return onlyFor('effect.ms', Object.keys(DEFAULT_MS).join(', '));
  if (reason !== undefined && type !== 'refuse') return onlyFor('effect.reason', 'refuse');
  if (command !== START) return undefined;
  if (direction !== undefined) return { field: 'direction', problem: `is only for commands, not for ${START}` };
  return attempt === undefined ? undefined : { field: 'attempt', problem: `is only for commands, not for ${START}` };
}

function notInCatalog(rule: Omit<FaultRule, 'id'>, { services, commands }: FaultCatalog): RuleProblem | undefined {
  const { service, command, direction, point, effect } = rule;
  if (!services.includes(service)) return problem('service', services);
  const own = commands.filter((each) => each.service === service);
  const role = roleOf(service, command);
  const known = service === ORCHESTRATOR ? undefined : own.find(({ name }) => name === command);
  if (role === 'participant' && command !== undefined && known === undefined)
    return problem('command', [...own.map(({ name }) => name), START]);
  if (known && direction !== undefined && !known.directions.includes(direction))
    return problem('direction', known.directions, `for ${known.name}`);
  const points = POSSIBLE[role];
  const effects = points[point];
  if (effects === undefined)
    return problem(
      'point',
      FAULT_POINTS.filter((each) => points[each]),
      `in ${WHERE[role]}`,
    );
  if (!effects.includes(effect.type)) return problem('effect.type', effects, `${point} in ${WHERE[role]}`);
  return effect.type === 'refuse' ? impossibleRefusal(effect.reason, known) : undefined;
}

function impossibleRefusal(reason: string | undefined, known: CatalogCommand | undefined): RuleProblem | undefined {
  if (known === undefined) return { field: 'command', problem: 'must be named: each declares its own refusals' };
  if (known.refusals.length === 0)
    return { field: 'effect.type', problem: `cannot be refuse: ${known.name} declares no refusals` };
  return reason !== undefined && known.refusals.includes(reason)
    ? undefined
    : problem('effect.reason', known.refusals, `for ${known.name}`);
}

export function roleOf(service: string, command: string | undefined): Role {
  if (service === ORCHESTRATOR) return 'orchestrator';
  return command === START ? 'starter' : 'participant';
}

function problem(field: string, possible: readonly string[], where = ''): RuleProblem {
  return { field, problem: `must be one of ${possible.join(', ')}${where && ` ${where}`}` };
}
