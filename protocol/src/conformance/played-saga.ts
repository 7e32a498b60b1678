import { cloudEvent } from '@palinode/saga/internal/contract';
import { type Command, type Reply, type Topics } from '@palinode/saga/contract';
import { v7 as uuidV7 } from 'uuid';
import { examplePayload, type Values } from './example-payload';
import type { ParticipantContract } from './participant-contract';
import type { PlayedOrchestrator, Received } from './played-orchestrator';

/** One simulated saga, which sends the participant the commands of a check. */
export class PlayedSaga {
  readonly id = uuidV7();
  private readonly traceparent = `00-${this.id.replaceAll('-', '')}-00f067aa0ba902b7-01`;
  private readonly sent = new Map<string, Command>();

  constructor(
    private readonly contract: ParticipantContract,
    private readonly orchestrator: PlayedOrchestrator,
    /** The known values of payload fields; replies add to them. */
    readonly values: Values,
    /** The user's values for one type of command. */
    private readonly given: Readonly<Record<string, Values>>,
    /** The name of its orchestrator. */
    private readonly topics: Topics,
  ) {}

  /** A command as the saga would send it now; a compensation undoes the action that was sent before it. */
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

  /** A payload for this command, consistent with the saga's earlier messages. */
  payload(type: string): object {
    const schema = this.contract.commands.get(type)?.payload ?? {};
    const values = Object.assign(this.values, this.given['*'], this.given[type]);
    return examplePayload(schema, (each) => this.contract.at(each), values);
  }

  /** Runs what a saga does before it sends this command: its earlier steps, and for a compensation the action. */
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
   * Waits until the participant has processed everything that was sent in this saga. Sends a compensation of an action
   * that was never sent, which has no effect, and waits for its reply: replies come in order, so all earlier ones have
   * arrived.
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
