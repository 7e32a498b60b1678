import { v7 as uuidV7 } from 'uuid';
import type { DataSource, EntityManager } from 'typeorm';
import {
  assertValid,
  ORCHESTRATOR_COMMANDS,
  schemaUri,
  START_SAGA,
  writeEnvelope,
  type SagaStart,
  type StartSaga,
} from '../contract';
import { INSERT_OUTBOX, type Relay } from '../messaging';
import { AfterCommit } from './after-commit';
import { prepared } from './prepared';

/** Starts sagas from a service's own transactions. */
export class Sagas {
  private readonly afterCommit: AfterCommit<string>;

  constructor(
    private readonly service: string,
    dataSource: DataSource,
    relay: Relay,
  ) {
    this.afterCommit = new AfterCommit(dataSource, (ids) => relay.publish(ids));
  }

  /**
   * Starts a saga when, and only when, the transaction commits; resolves with the saga's id. The orchestrator is told right
   * after the commit, or by the sweeper should this process die first.
   *
   * @throws InvalidDataError when the input does not fit its class.
   * @throws MessageTooLargeError when it is too much for a message.
   */
  async start<Input extends object>(
    tx: EntityManager,
    start: SagaStart<Input>,
    input: NoInfer<Input>,
  ): Promise<string> {
    assertValid(`The input of ${start.name}`, start.input, input);
    const message = this.message(start, input);
    const { id, sagaid } = message;
    await prepared(tx, 'palinode-start', INSERT_OUTBOX, [id, ORCHESTRATOR_COMMANDS, sagaid, writeEnvelope(message)]);
    this.afterCommit.add(tx, id);
    return sagaid;
  }

  private message<Input extends object>({ name, subject }: SagaStart<Input>, input: Input): StartSaga {
    return {
      specversion: '1.0',
      id: uuidV7(),
      type: START_SAGA,
      source: `/palinode/${this.service}`,
      time: new Date().toISOString(),
      subject: subject(input),
      datacontenttype: 'application/json',
      dataschema: schemaUri(START_SAGA),
      sagaid: uuidV7(),
      data: { saga: name, input },
    };
  }
}
