/*
 * Two scenes are equivalent when the same moves are possible in both, and lead to equivalent scenes. So the key of a
 * scene contains everything that the protocol reads, and leaves out the rest:
 *
 * 1. Ids: a command is identified by its position among all sent commands.
 * 2. Instants: only their order counts, and which of them are past.
 * 3. Counts: the tries of a step without limit count only up to the next pause for attention.
 * 4. The past: for a step without an effect left to compensate it does not matter how that came about; for a failed
 * attempt only that there was one.
 *
 * With observations it also leaves out what no function reads:
 *
 * 5. The cause of the compensation, except for the payloads of compensations that read it.
 * 6. Payloads that no effect reads.
 * 7. Signals that no wait can use any more.
 * 8. Whether the compensation of a step without an effect was skipped; only that there is such a step counts, because
 * fewer promises apply then.
 */
import { stepNamed, stepsOf, type CommandSpec, type SagaDefinition, type StepDefinition } from '../../definition';
import type { Invocation, SagaState, StepState, StepStatus } from '../../engine';
import { CauseKeys } from './cause-keys';
import { leftSomething } from './judge';
import { isUnderDeadline, lastInstants, wakeUpOf } from './moves';
import type { Observations } from './observations';
import { isSpent, type Message, type Scene } from './scene';

/** Makes the keys of scenes of one definition. */
export class SceneKeys {
  private readonly values = new Map<unknown, number>();
  private readonly texts = new Map<string, number>();
  private readonly parts = new Map<string, number>();
  private readonly causes: CauseKeys | undefined;

  constructor(
    private readonly definition: SagaDefinition,
    private readonly observations?: Observations,
  ) {
    const idOf = (value: unknown): number => this.idOf(value);
    this.causes = observations && new CauseKeys(definition, observations, idOf);
  }

  of(scene: Scene): string {
    const { saga, world } = scene;
    const { status, stage, pause, cause } = saga;
    const instants = this.instantsOf(scene);
    let key = `${status}/${stage}/${this.idOf(world)}`;
    if (this.observations && leftSomething(saga)) key += '/left';
    for (const service of scene.held) key += `/${service}`;
    if (pause) key += `/${pause.reason} ${pause.during} ${pause.step}`;
    if (cause) key += `/${this.causes?.of(saga) ?? `${cause.kind} ${cause.step} ${cause.reason}`}`;
    if (isUnderDeadline(saga, this.definition)) key += `/${rank(instants, saga.deadlineAt as number)}`;
    const back = (pause?.during ?? status).startsWith('COMPENSAT');
    for (const [name, payload] of Object.entries(saga.signals ?? {}))
      if (this.isOfUse(name, saga)) key += `~${name}${this.idOf(payload)}`;
    // One letter for each part keeps millions of keys small.
    let letters = this.letterOf(key);
    for (const name of Object.keys(saga.steps))
      letters += this.letterOf(`${name}|${this.stepKey(name, scene, back, instants)}`);
    return letters;
  }

  private letterOf(part: string): string {
    const known = this.parts.get(part);
    const number = known ?? this.parts.size;
    if (known === undefined) this.parts.set(part, number);
    return String.fromCodePoint(number < FIRST_SURROGATE ? number : number + SURROGATES);
  }

  private isOfUse(signal: string, { steps }: SagaState): boolean {
    if (this.observations === undefined) return true;
    return stepsOf(this.definition).some(({ name, wait }) => {
      const { status } = steps[name] ?? {};
      return wait?.signal.name === signal && (status === 'PENDING' || status === 'INVOKED');
    });
  }

  private stepKey(name: string, { saga, messages }: Scene, back: boolean, instants: readonly number[]): string {
    const { status, exchange, held, reply, awaitsUntil } = saga.steps[name] as StepState;
    const closed = back && WITHOUT_EFFECT.includes(status);
    // A skipped compensation is distinguished, because the effect of such a step may remain.
    const left = status === 'COMPENSATION_SKIPPED' && (this.observations === undefined || isUnfinished(name, messages));
    let key: string = closed && !left ? 'closed' : status;
    if (!closed && reply !== undefined) key += `=${this.idOf(reply)}`;
    if (exchange) key += invocationKey(stepNamed(this.definition, name) as StepDefinition, exchange, instants);
    if (held) key += ` held ${rank(instants, held.checkAt)}`;
    if (awaitsUntil !== undefined) key += ` until ${rank(instants, awaitsUntil)}`;
    let effects = 0;
    for (const message of messages) {
      if (message.command.step !== name) continue;
      effects += message.command.direction === 'action' ? message.effects : -message.effects;
      if (closed ? message.row === undefined : !isSpent(message) || isAwaited(message, exchange))
        key += `;${this.messageKey(message, exchange)}`;
    }
    return closed ? `${key}${effects}` : key;
  }

  private messageKey(message: Message, exchange: Invocation | undefined): string {
    const { command, row, effects } = message;
    const name = `${isAwaited(message, exchange) ? '!' : ''}${command.direction === 'action' ? '+' : '-'}${effects}`;
    if (row === undefined) return this.isRead(command.command) ? `${name}@${this.idOf(command.payload)}` : name;
    const { answer, outcome } = row;
    if (answer === undefined) return `${name}${outcome}`;
    return answer.kind === 'replied' ? `${name}=${this.idOf(answer.reply)}` : `${name}${answer.objection.reason}`;
  }

  private isRead(command: Message['command']['command']): boolean {
    return this.observations?.readsPayload(command) ?? true;
  }

  /** Returns one number for all equal values. */
  private idOf(value: unknown): number {
    const known = this.values.get(value);
    if (known !== undefined) return known;
    const text = JSON.stringify(value) ?? '';
    const id = this.texts.get(text) ?? this.texts.size;
    this.texts.set(text, id);
    this.values.set(value, id);
    return id;
  }

  private instantsOf({ saga, now }: Scene): readonly number[] {
    const instants = [now];
    // A paused saga has no wake-up, and a resume sends everything again.
    if (saga.status !== 'PAUSED')
      for (const step of Object.values(saga.steps)) {
        const wakeAt = wakeUpOf(step);
        if (wakeAt !== undefined && wakeAt > now) instants.push(wakeAt);
      }
    instants.push(...lastInstants(saga, this.definition));
    return instants.toSorted((a, b) => a - b);
  }
}

const FIRST_SURROGATE = 0xd8_00;
const SURROGATES = 0x8_00;

const WITHOUT_EFFECT: readonly StepStatus[] = ['COMPENSATED', 'REFUSED', 'FAILED', 'SKIPPED', 'COMPENSATION_SKIPPED'];

function isUnfinished(name: string, messages: readonly Message[]): boolean {
  let effects = 0;
  for (const { command, effects: own, row } of messages) {
    if (command.step !== name) continue;
    if (row === undefined) return true;
    effects += command.direction === 'action' ? own : -own;
  }
  return effects !== 0;
}

function isAwaited({ command }: Message, exchange: Invocation | undefined): boolean {
  return exchange?.commandId === command.commandId;
}

function invocationKey(step: StepDefinition, exchange: Invocation, instants: readonly number[]): string {
  const { direction, waitsFor, wakeAt } = exchange;
  if (step.child) return ` ${waitsFor === 'reply' ? 'r' : 'n'}${rank(instants, wakeAt)}`;
  const commandSpec = (direction === 'action' ? step.action : step.compensation) as CommandSpec;
  const endless = direction === 'compensation' || step.kind === 'retriable';
  const [attempt, sends] = endless ? untilAttention(exchange, commandSpec) : upTo(exchange, commandSpec);
  return ` ${attempt} ${sends} ${waitsFor === 'reply' ? 'r' : 'n'}${rank(instants, wakeAt)}`;
}

function untilAttention({ attempt, sends }: Invocation, { attentionAfter }: CommandSpec): readonly [number, number] {
  return [attempt % attentionAfter, sends % attentionAfter];
}

function upTo({ attempt, sends }: Invocation, { attempts }: CommandSpec): readonly [number, number] {
  return [Math.min(attempt, attempts), Math.min(sends, attempts)];
}

/** The rank of an instant among future ones; 0 when it is past. */
function rank(instants: readonly number[], instant: number): number {
  const place = instants.indexOf(instant);
  return place < 0 ? 0 : place;
}
