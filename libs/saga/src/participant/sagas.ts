import type { DataSource, EntityManager } from 'typeorm';
import {
  canonicalId,
  cloudEvent,
  SIGNAL_SAGA,
  searchAttributesOf,
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
import { hookContext, newId, type Hooks, type Relay } from '../messaging';
import { AfterCommit } from './after-commit';
import { prepared } from './prepared';
import type { Served } from './served';

/** How {@link Sagas.start} starts a saga. */
/** How {@link Sagas.start} starts a saga. */
export interface StartOptions {
  /** What the saga's messages carry along for what is hooked in, such as faults on demand; ignored where nothing is. */
  readonly carried?: Carried | undefined;
}

/** Starts sagas, and sends them signals, in a service's own transactions. */
export class Sagas {
  private readonly afterCommit: AfterCommit<StartSaga | SignalSaga>;

  /** @internal */
  constructor(
    private readonly served: Served,
    dataSource: DataSource,
    private readonly relay: Relay,
    private readonly hooks?: Hooks,
  ) {
    this.afterCommit = new AfterCommit(dataSource, (messages) => this.publish(messages));
  }

  /**
   * Starts a saga if and only if the transaction commits; resolves with the saga's id. The start is published right
   * after the commit, or by the sweeper if this process dies first.
   *
   * @throws InvalidDataError when the input does not match its class, or a search attribute cannot be stored
   * @throws ConfigurationError when the saga belongs to an orchestrator that the service does not serve, or the
   * transaction to another DataSource
   * @throws MessageTooLargeError when it is too large for a message
   */
  async start<Input extends object>(
    tx: EntityManager,
    start: SagaStart<Input>,
    input: NoInfer<Input>,
    { carried }: StartOptions = {},
  ): Promise<string> {
    const valid = validOf(`The input of ${start.name}`, start.input, input);
    // Only the orchestrator stores them; here a mistake is seen before anything has happened.
    searchAttributesOf(start, valid);
    const subject = canonicalId(start.subject(valid));
    const data = { saga: start.name, input: valid };
    const message = cloudEvent<StartSaga>(new Date(), {
      ...this.origin(),
      type: START_SAGA,
      subject,
      ...(carried && this.acceptCarried(carried)),
      sagaid: newId(),
      data,
    });
    await this.send(tx, this.served.runs(start), message);
    return message.sagaid;
  }

  /**
   * Sends a saga the signal that it waits for, or will wait for, if and only if the transaction commits. If the saga
   * cannot use it, because it has ended or has received it before, its history records that with the reason.
   *
   * @throws InvalidDataError when the payload does not match its class
   * @throws MessageTooLargeError when it is too large for a message
   */
  async signal<Payload extends object>(
    tx: EntityManager,
    sagaId: string,
    signal: SignalContract<Payload>,
    payload: NoInfer<Payload>,
  ): Promise<void> {
    const valid = validOf(`The signal ${signal.name}`, signal.payload, payload);
    const data = { signal: signal.name, payload: valid };
    const sagaid = canonicalId(sagaId);
    const message = cloudEvent<SignalSaga>(new Date(), { ...this.origin(), type: SIGNAL_SAGA, sagaid, data });
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

  private origin(): Pick<StartSaga, 'id' | 'source'> {
    return { id: newId(), source: sourceOf(this.served.service) };
  }

  private async send(tx: EntityManager, { commands }: Topics, message: StartSaga | SignalSaga): Promise<void> {
    this.afterCommit.assertOwn(tx);
    const { id, sagaid } = message;
    await prepared(tx, 'palinode-start', this.relay.outbox.insertion, [id, commands, sagaid, writeEnvelope(message)]);
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
