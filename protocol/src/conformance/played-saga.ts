import { cloudEvent } from '@palinode/saga/internal/contract';
import { type Command, type Reply, type Topics } from '@palinode/saga/contract';
import { v7 as uuidV7 } from 'uuid';
import { examplePayload, type Values } from './example-payload';
import type { ParticipantContract } from './participant-contract';
import type { PlayedOrchestrator, Received } from './played-orchestrator';

/** One made-up saga, that asks the participant for what a check needs. */
export class PlayedSaga {
  readonly id = uuidV7();
  private readonly traceparent = `00-${this.id.replaceAll('-', '')}-00f067aa0ba902b7-01`;
  private readonly sent = new Map<string, Command>();

  constructor(
    private readonly contract: ParticipantContract,
    private readonly orchestrator: PlayedOrchestrator,
    /** Known of the fields of payloads; replies add to it. */
    readonly values: Values,
    /** Told by the user, for one type of command. */
    private readonly told: Readonly<Record<string, Values>>,
    /** Of the orchestrator that would run it. */
    private readonly topics: Topics,
  ) {}

  /** A command as a saga would send it now; a compensation takes the action back that was sent before it. */
  command(type: string, attributes: Partial<Command> = {}): Command {
    const [use] = this.contract.commands.get(type)?.uses ?? [];
    const undoes = use?.undoes === undefined ? undefined : this.sent.get(use.undoes)?.id;
    const command = cloudEvent<Command>(new Date(), {
      id: uuidV7(),
      type,
      source: '/palinode/conformance',
      subject: this.id,
      traceparent: this.traceparent,
      sagaid: this.id,
      sagastep: use?.step ?? 'conformance',
      sagadirection: use?.direction ?? 'action',
      sagaattempt: 1,
      replyto: this.topics.repliesOf(this.contract.service),
      ...(undoes === undefined ? {} : { undoes }),
      data: this.payload(type),
      ...attributes,
    });
    this.sent.set(type, command);
    return command;
  }

  /** A payload for this command, that fits what was said in the saga before. */
  payload(type: string): object {
    const schema = this.contract.commands.get(type)?.payload ?? {};
    const values = Object.assign(this.values, this.told['*'], this.told[type]);
    return examplePayload(schema, (each) => this.contract.at(each), values);
  }

  /** Plays what a saga does before it sends this command: its earlier steps, and for a compensation the action. */
  async playUpTo(type: string): Promise<void> {
    const undone = this.contract.commands.get(type)?.uses[0]?.undoes;
    for (const before of [...this.contract.before(type), ...(undone === undefined ? [] : [undone])]) {
      if (this.sent.has(before)) continue;
      await this.ask(this.command(before));
    }
  }

  /** Sends the command and waits for its first reply. */
  async ask(command: Command): Promise<Received> {
    await this.send(command);
    const [reply] = await this.orchestrator.awaitReplies(command);
    this.learn(reply!.reply);
    return reply!;
  }

  async send(...commands: readonly Command[]): Promise<void> {
    await this.orchestrator.send(commands.map((each) => ({ key: each.sagaid, value: JSON.stringify(each) })));
  }

  /**
   * Waits until the participant has come past everything that was sent in this saga: since it answers in order, whatever it
   * had to say to that has been heard. It is asked to take back what never was, which has no effect.
   */
  async passed(): Promise<void> {
    const [pair] = this.contract.pairs();
    const type = pair?.compensation ?? [...this.contract.commands.keys()][0]!;
    const remembered = this.sent.get(type);
    await this.ask(this.command(type, { sagadirection: 'compensation', undoes: uuidV7(), sagastep: 'passed' }));
    if (remembered) this.sent.set(type, remembered);
  }

  private learn({ outcome, data }: Partial<Reply>): void {
    if (outcome === 'success' && typeof data === 'object' && data !== null) Object.assign(this.values, data);
  }
}
