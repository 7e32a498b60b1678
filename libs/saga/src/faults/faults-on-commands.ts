import type { ExposedCommand, Interference, InterferenceFinder } from '../messaging';
import { ORCHESTRATOR } from './catalog';
import { readFaults, UnreadableFaultError } from './fault-header';
import { isOver, matches, type FaultRule } from './fault-rule';
import type { Hit, Hits } from './hits';

/** Finds the faults that struck commands of sagas, or would strike them: those that are armed, and those that a start asked for. */
export class FaultsOnCommands implements InterferenceFinder {
  constructor(
    private readonly hits: Hits,
    private readonly armed: () => readonly FaultRule[],
  ) {}

  async find(commands: readonly ExposedCommand[]): Promise<ReadonlyMap<string, readonly Interference[]>> {
    if (commands.length === 0) return new Map();
    const rules = new Map(commands.map((command) => [command, this.rulesFor(command)]));
    const { hits, counts } = await this.hits.ofSagas(
      commands.map(({ sagaId }) => sagaId),
      [...rules.values()].flat().map(({ id }) => id),
    );
    return new Map(
      commands.map((command) => {
        const struck = hits.filter(({ messageId }) => messageId === command.messageId);
        const waiting = (rules.get(command) ?? []).filter(
          (rule) => !isUsedUp(rule, counts.get(rule.id)) && (rule.every || struck.every((hit) => hit.rule !== rule.id)),
        );
        return [command.messageId, [...struck.map(interferenceOf), ...waiting.map((rule) => threatOf(rule, command))]];
      }),
    );
  }

  /** The rules that are meant for a command, in its participant or in the orchestrator. */
  private rulesFor(command: ExposedCommand): readonly FaultRule[] {
    return [...this.armed(), ...askedBy(command)].filter(
      (rule) =>
        [command.service, ORCHESTRATOR].includes(rule.service) &&
        !isOver(rule) &&
        matches(rule, rule.service, rule.point, command),
    );
  }
}

function askedBy({ carried, sagaId }: ExposedCommand): readonly FaultRule[] {
  if (carried?.sagafault === undefined) return [];
  try {
    return readFaults(carried.sagafault, sagaId);
  } catch (error) {
    if (error instanceof UnreadableFaultError) return [];
    throw error;
  }
}

function isUsedUp({ count = Number.POSITIVE_INFINITY }: FaultRule, struck = 0): boolean {
  return struck >= count;
}

function interferenceOf({ rule, command, effect, point, service }: Hit): Interference {
  const what = `A fault on demand struck ${command}: ${effect} ${point} in ${service}`;
  return { what, remedy: remedyFor(rule), hasHappened: true };
}

function threatOf({ id, effect, point, service }: FaultRule, { command }: ExposedCommand): Interference {
  const what = `A fault on demand is armed for ${command}: ${effect.type} ${point} in ${service}`;
  return { what, remedy: remedyFor(id), hasHappened: false };
}

function remedyFor(id: string): string {
  return id.includes('/')
    ? 'The fault was requested with the start of the saga, by X-Saga-Fault'
    : `The fault has the id ${id}; DELETE /v1/faults/${id} disarms it`;
}
