import {
  ConsoleLogger,
  Global,
  Module,
  type DynamicModule,
  type INestApplication,
  type LoggerService,
  type Provider,
  type Type,
} from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { Command, CommandContract, EventContract, Reply } from '../src/contract';
import { HOOKS, SAGA_TRANSPORT, type Hooks, type TableLocation } from '../src/messaging';
import { connectParticipant, ParticipantModule, type HandlerTimeout } from '../src/participant';
import { HandTransport } from './hand-transport';
import { incomingCommand } from './messages';

export interface ParticipantSetup {
  readonly databaseUrl: string;
  readonly commands: readonly CommandContract[];
  readonly events?: readonly EventContract[];
  readonly controllers: readonly Type[];
  readonly providers?: readonly Provider[];
  readonly connection?: object;
  /** The schema and the prefix of its tables. @default none */
  readonly location?: TableLocation;
  /** The time limit of its handlers; unlimited by default, because test machines are slow. */
  readonly handlerTimeout?: HandlerTimeout;
  /** The hooks of its messages. */
  readonly hooks?: Hooks;
  /** Where it logs. @default nowhere */
  readonly logger?: LoggerService;
  /** Whether its handlers are connected and it subscribes. @default true */
  readonly connects?: boolean;
  readonly listens?: boolean;
  /** Called before the application starts, for global settings. */
  readonly prepare?: (app: INestApplication) => void;
}

@Global()
@Module({})
class HooksModule {
  static of(hooks: Hooks): DynamicModule {
    return { module: HooksModule, providers: [{ provide: HOOKS, useValue: hooks }], exports: [HOOKS] };
  }
}

/**
 * An instance of the service `shop` as a Nest application, on a real database, with a transport that the test controls.
 */
export class ParticipantUnderTest {
  private constructor(
    readonly app: INestApplication,
    readonly transport: HandTransport,
  ) {}

  static async start(setup: ParticipantSetup): Promise<ParticipantUnderTest> {
    const { databaseUrl: url, commands, events = [], controllers, providers = [] } = setup;
    const { connection = { pipeline: true }, location, hooks, connects = true, listens = connects } = setup;
    const { handlerTimeout = 'off', logger = new ConsoleLogger({ logLevels: [] }) } = setup;
    const transport = new HandTransport();
    const module = await Test.createTestingModule({
      imports: [
        TypeOrmModule.forRoot({ type: 'postgres', url, extra: connection, retryAttempts: 0 }),
        ...(hooks ? [HooksModule.of(hooks)] : []),
        ParticipantModule.forRoot({
          service: 'shop',
          commands,
          events,
          handlerTimeout,
          kafka: { brokers: [] },
          ...location,
        }),
      ],
      controllers: [...controllers],
      providers: [...providers],
    })
      .setLogger(logger)
      .overrideProvider(SAGA_TRANSPORT)
      .useValue(hooks?.wrapTransport(transport) ?? transport)
      .compile();
    const app = module.createNestApplication();
    try {
      setup.prepare?.(app);
      if (connects) connectParticipant(app);
      if (listens) await app.startAllMicroservices();
      await app.init();
    } catch (error) {
      await app.close();
      throw error;
    }
    return new ParticipantUnderTest(app, transport);
  }

  get source(): DataSource {
    return this.app.get(DataSource);
  }

  /** Delivers these commands in one batch; returns all replies to them since the start, oldest first. */
  async deliver(...commands: readonly Command[]): Promise<Reply[]> {
    await this.transport.deliver(...commands.map(incomingCommand));
    return commands.flatMap((command) => this.repliesTo(command).slice(-1));
  }

  /** The replies to a command, oldest first. */
  repliesTo({ id }: Command): Reply[] {
    return this.transport.sent<Reply>('orchestrator.replies.shop').filter(({ inreplyto }) => inreplyto === id);
  }

  /** As `repliesTo`, byte for byte. */
  rawRepliesTo({ id }: Command): string[] {
    return this.transport.published
      .filter(({ topic, value }) => topic === 'orchestrator.replies.shop' && String(value).includes(id))
      .map(({ value }) => String(value));
  }

  async sql<Row>(text: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.source.query(text, parameters);
  }

  /** The items of the effects that a command had. */
  async effectsOf({ id }: Command): Promise<string[]> {
    const rows = await this.sql<{ item: string }>('SELECT item FROM effect WHERE command = $1 ORDER BY id', [id]);
    return rows.map(({ item }) => item);
  }

  async stop(): Promise<void> {
    await this.transport.close();
    await this.app.close();
  }
}
