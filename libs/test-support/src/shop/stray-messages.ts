import { Kafka, logLevel, Partitioners, type Producer } from 'kafkajs';
import { v7 as uuidV7 } from 'uuid';

/** A refusal of a command, as a participant would send it. */
export interface Refusal {
  readonly sagaId: string;
  readonly step: string;
  /** Such as `order.confirm`. */
  readonly command: string;
  readonly commandId: string;
  readonly reason: string;
}

/** Writes messages that none of the services sent, as another program with access to the broker does. */
export class StrayMessages {
  private constructor(private readonly producer: Producer) {}

  static async to(brokers: readonly string[]): Promise<StrayMessages> {
    const kafka = new Kafka({ clientId: 'demo', brokers: [...brokers], logLevel: logLevel.NOTHING });
    const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    return new StrayMessages(producer);
  }

  async text(topic: string, value: string): Promise<void> {
    await this.producer.send({ topic, messages: [{ value }] });
  }

  /** A command of a saga that does not exist. */
  command(service: string, name: string): Promise<void> {
    const sagaid = uuidV7();
    const more = { sagastep: 'payment', sagadirection: 'action', sagaattempt: 1 };
    const replyto = `orchestrator.replies.${service}`;
    return this.send(`${service}.commands`, { type: `${name}.v1`, sagaid, ...more, replyto, data: {} });
  }

  refusal({ sagaId, step, command, commandId, reason }: Refusal): Promise<void> {
    const [service = ''] = command.split('.');
    return this.send(`orchestrator.replies.${service}`, {
      type: `${command}.reply.v1`,
      sagaid: sagaId,
      sagastep: step,
      sagadirection: 'action',
      sagaattempt: 1,
      inreplyto: commandId,
      outcome: 'refusal',
      data: { reason },
    });
  }

  close(): Promise<void> {
    return this.producer.disconnect();
  }

  private async send(topic: string, attributes: { readonly sagaid: string } & Record<string, unknown>): Promise<void> {
    const envelope = {
      specversion: '1.0',
      id: uuidV7(),
      source: '/demo',
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      ...attributes,
    };
    await this.producer.send({ topic, messages: [{ key: attributes.sagaid, value: JSON.stringify(envelope) }] });
  }
}
