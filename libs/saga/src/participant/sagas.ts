import type { DataSource, EntityManager } from 'typeorm';
import {
  canonicalId,
  schemaUri,
  SIGNAL_SAGA,
  sourceOf,
  START_SAGA,
  validOf,
  writeEnvelope,
  type Carried,
  type SagaStart,
  type SignalContract,
  type SignalSaga,
  type StartSaga,
  type Topics,
} from '../contract';
import { hookContext, INSERT_OUTBOX, type Hooks, type Relay } from '../messaging';
import { AfterCommit } from './after-commit';
import { prepared } from './prepared';
import { newId } from './new-id';
import type { Served } from './served';

export interface StartOptions {
  /** What the saga's messages carry along for what is hooked in, such as faults on demand; ignored where nothing is. */
  readonly carried?: Carried | undefined;
}

/** Starts sagas, and gives them signals, from a service's own transactions. */
export class Sagas {
  private readonly afterCommit: AfterCommit<StartSaga | SignalSaga>;

  constructor(
    private readonly served: Served,
    dataSource: DataSource,
    private readonly relay: Relay,
    private readonly hooks?: Hooks,
  ) {
    this.afterCommit = new AfterCommit(dataSource, (messages) => this.publish(messages));
  }

  /**
   * Starts a saga when, and only when, the transaction commits; resolves with the saga's id. The orchestrator is told right
   * after the commit, or by the sweeper should this process die first.
   *
   * @throws InvalidDataError when the input does not fit its class.
   * @throws ConfigurationError when another orchestrator runs it than those that the service serves.
   * @throws MessageTooLargeError when it is too much for a message.
   */
  async start<Input extends object>(
    tx: EntityManager,
    start: SagaStart<Input>,
    input: NoInfer<Input>,
    { carried }: StartOptions = {},
  ): Promise<string> {
    const valid = validOf(`The input of ${start.name}`, start.input, input);
    const subject = canonicalId(start.subject(valid));
    const data = { saga: start.name, input: valid };
    const message: StartSaga = {
      ...this.event(START_SAGA),
      subject,
      ...(carried && this.acceptCarried(carried)),
      sagaid: newId(),
      data,
    };
    await this.send(tx, this.served.runs(start), message);
    return message.sagaid;
  }

  /**
   * Gives a saga the signal that it waits for, or will wait for, when, and only when, the transaction commits. What the
   * saga does not take, since it has ended or was given it before, is kept in its history with why.
   *
   * @throws InvalidDataError when the payload does not fit its class.
   * @throws MessageTooLargeError when it is too much for a message.
   */
  async signal<Payload extends object>(
    tx: EntityManager,
    sagaId: string,
    signal: SignalContract<Payload>,
    payload: NoInfer<Payload>,
  ): Promise<void> {
    const valid = validOf(`The signal ${signal.name}`, signal.payload, payload);
    const data = { signal: signal.name, payload: valid };
    const message: SignalSaga = { ...this.event(SIGNAL_SAGA), sagaid: canonicalId(sagaId), data };
    await this.send(tx, this.served.runs(signal), message);
  }

  /**
   * What the messages of a saga will carry, checked by what is hooked in; undefined where nothing is, as in production. Call it
   * before a transaction that several requests share.
   *
   * @throws what the hooks throw. Faults on demand throw an exception that HTTP answers with 422, naming what is possible.
   */
  acceptCarried(asked: Carried): Carried | undefined {
    return this.hooks?.carry(asked);
  }

  private event(type: string): Omit<StartSaga, 'subject' | 'sagaid' | 'data'> {
    return {
      specversion: '1.0',
      type,
      id: newId(),
      source: sourceOf(this.served.service),
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      dataschema: schemaUri(type),
    };
  }

  private async send(tx: EntityManager, { commands }: Topics, message: StartSaga | SignalSaga): Promise<void> {
    const { id, sagaid } = message;
    await prepared(tx, 'palinode-start', INSERT_OUTBOX, [id, commands, sagaid, writeEnvelope(message)]);
    if (this.hooks) await this.hooks.beforeCommit(hookContext(message));
    this.afterCommit.add(tx, message);
  }

  private publish(messages: readonly (StartSaga | SignalSaga)[]): void {
    const ids = messages.map(({ id }) => id);
    const { hooks } = this;
    if (hooks === undefined) return this.relay.publish(ids);
    const called = messages.map((message) => hooks.afterCommit(hookContext(message)));
    void Promise.allSettled(called).then(() => this.relay.publish(ids));
  }
}
