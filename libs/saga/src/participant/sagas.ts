import type { DataSource, EntityManager } from 'typeorm';
import {
  canonicalId,
  cloudEvent,
  SIGNAL_SAGA,
  sourceOf,
  START_SAGA,
  validOf,
  writeEnvelope,
  type SagaStart,
  type SignalContract,
  type SignalSaga,
  type StartSaga,
  type Topics,
} from '../contract';
import { faultTarget, INSERT_OUTBOX, newId, type Faults, type Relay } from '../messaging';
import { AfterCommit } from './after-commit';
import { prepared } from './prepared';
import type { Served } from './served';

export interface StartOptions {
  /** Faults to strike this saga alone, as in the header X-Saga-Fault; ignored where none can be made. */
  readonly fault?: string | undefined;
}

/** Starts sagas, and gives them signals, from a service's own transactions. */
export class Sagas {
  private readonly afterCommit: AfterCommit<StartSaga | SignalSaga>;

  constructor(
    private readonly served: Served,
    dataSource: DataSource,
    private readonly relay: Relay,
    private readonly faults?: Faults,
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
    { fault }: StartOptions = {},
  ): Promise<string> {
    const valid = validOf(`The input of ${start.name}`, start.input, input);
    const subject = canonicalId(start.subject(valid));
    const data = { saga: start.name, input: valid };
    const sagafault = this.acceptFault(fault);
    const message = cloudEvent<StartSaga>(new Date(), {
      ...this.origin(),
      type: START_SAGA,
      subject,
      sagafault,
      sagaid: newId(),
      data,
    });
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
    const sagaid = canonicalId(sagaId);
    const message = cloudEvent<SignalSaga>(new Date(), { ...this.origin(), type: SIGNAL_SAGA, sagaid, data });
    await this.send(tx, this.served.runs(signal), message);
  }

  /**
   * The faults that may be asked for a saga, checked; undefined where none can be made, as in production. To be called before
   * a transaction that several requests share.
   *
   * @throws an exception that HTTP answers with 422, naming what is possible.
   */
  acceptFault(fault: string | undefined): string | undefined {
    if (fault === undefined || this.faults === undefined) return undefined;
    this.faults.check(fault);
    return fault;
  }

  private origin(): Pick<StartSaga, 'id' | 'source'> {
    return { id: newId(), source: sourceOf(this.served.service) };
  }

  private async send(tx: EntityManager, { commands }: Topics, message: StartSaga | SignalSaga): Promise<void> {
    const { id, sagaid } = message;
    await prepared(tx, 'palinode-start', INSERT_OUTBOX, [id, commands, sagaid, writeEnvelope(message)]);
    await this.faults?.strike('before-commit', faultTarget(message));
    this.afterCommit.add(tx, message);
  }

  private publish(messages: readonly (StartSaga | SignalSaga)[]): void {
    const ids = messages.map(({ id }) => id);
    const { faults } = this;
    if (faults === undefined) return this.relay.publish(ids);
    const struck = messages.map((message) => faults.strike('after-commit', faultTarget(message)));
    void Promise.allSettled(struck).then(() => this.relay.publish(ids));
  }
}
