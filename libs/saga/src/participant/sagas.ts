import type { DataSource, EntityManager } from 'typeorm';
import {
  canonicalId,
  schemaUri,
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
import { faultTarget, INSERT_OUTBOX, type Faults, type Relay } from '../messaging';
import { AfterCommit } from './after-commit';
import { prepared } from './prepared';
import { newId } from './new-id';
import type { Served } from './served';

export interface StartOptions {
  /** Faults that apply only to this saga, as in the header X-Saga-Fault; ignored where faults are not enabled. */
  readonly fault?: string | undefined;
}

/** Starts sagas, and sends them signals, in a service's own transactions. */
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
   * Starts a saga if and only if the transaction commits; resolves with the saga's id. The start is published right
   * after the commit, or by the sweeper if this process dies first.
   *
   * @throws InvalidDataError when the input does not match its class
   * @throws ConfigurationError when the saga belongs to an orchestrator that the service does not serve
   * @throws MessageTooLargeError when it is too large for a message
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
    const message: StartSaga = { ...this.event(START_SAGA), subject, sagafault, sagaid: newId(), data };
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
    const message: SignalSaga = { ...this.event(SIGNAL_SAGA), sagaid: canonicalId(sagaId), data };
    await this.send(tx, this.served.runs(signal), message);
  }

  /**
   * Validates the faults that are requested for a saga; undefined where faults are not enabled, as in production. Call
   * this before a transaction that several requests share.
   *
   * @throws an exception that HTTP answers with 422, naming what is possible
   */
  acceptFault(fault: string | undefined): string | undefined {
    if (fault === undefined || this.faults === undefined) return undefined;
    this.faults.check(fault);
    return fault;
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
