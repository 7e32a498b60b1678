import type { DynamicModule, INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { Server } from 'node:http';
import supertest, { type Response } from 'supertest';
import { AdminModule, type AdminOptions } from '../src/admin';
import type { Command, StartSaga } from '../src/contract';
import type { SagaDefinition } from '../src/definition';
import { SAGA_TRANSPORT } from '../src/messaging';
import { OrchestratorModule, orchestratorMigrations, type OrchestratorOptions } from '../src/orchestrator';
import { HandTransport } from './hand-transport';
import { incomingReply, incomingStart } from './messages';
import { RealServers } from './real-servers';
import { SagaStore } from '@palinode/saga/store';

export type AdminUnderTestOptions = Pick<OrchestratorOptions, 'holdAfter'> &
  Pick<AdminOptions, 'access'> & {
    /** Further modules of the application. */
    readonly imports?: readonly DynamicModule[];
  };

/** The admin API on a real database, of an orchestrator whose messages the test delivers. */
export class AdminUnderTest {
  readonly transport = new HandTransport();
  app!: INestApplication<Server>;

  private databaseUrl: string | undefined;
  private ownsServers = true;

  private constructor(
    private readonly servers: RealServers,
    private readonly options: AdminUnderTestOptions,
  ) {}

  static async start(
    definitions: readonly SagaDefinition[],
    options: AdminUnderTestOptions = {},
  ): Promise<AdminUnderTest> {
    const admin = new AdminUnderTest(await RealServers.start(), options);
    try {
      await admin.listen(definitions);
    } catch (error) {
      await admin.stop();
      throw error;
    }
    return admin;
  }

  /** Another instance of the same orchestrator; stop it first. */
  async another(definitions: readonly SagaDefinition[]): Promise<AdminUnderTest> {
    const another = new AdminUnderTest(this.servers, this.options);
    another.databaseUrl = this.databaseUrl;
    another.ownsServers = false;
    await another.listen(definitions);
    return another;
  }

  get store(): SagaStore {
    return this.app.get(SagaStore);
  }

  /** Registers these names as if another instance had definitions with them. */
  async knows(...names: readonly string[]): Promise<void> {
    await this.store.rememberDefinitions(names);
  }

  async begin(...starts: readonly StartSaga[]): Promise<void> {
    await this.transport.deliver(...starts.map(incomingStart));
  }

  /** Answers the last command of this saga to each of these services with success. */
  async answer(sagaId: string, replies: Readonly<Record<string, unknown>>): Promise<void> {
    for (const [service, reply] of Object.entries(replies)) {
      const commands = this.transport.sent<Command>(`${service}.commands`);
      const command = commands.findLast(({ sagaid }) => sagaid === sagaId);
      if (command === undefined) throw new Error(`Nothing of the saga ${sagaId} was sent to ${service}.`);
      await this.transport.deliver(incomingReply(command, 'success', reply));
    }
  }

  async get(path: string): Promise<Response> {
    return supertest(this.app.getHttpServer()).get(`/v1/${path}`);
  }

  async post(path: string, body: string | object, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return supertest(this.app.getHttpServer())
      .post(`/v1/${path}`)
      .set({ 'content-type': 'application/json', ...headers })
      .send(body);
  }

  async delete(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return supertest(this.app.getHttpServer()).delete(`/v1/${path}`).set(headers);
  }

  async stop(): Promise<void> {
    await this.app?.close();
    if (this.ownsServers) await this.servers.stop();
  }

  private async listen(definitions: readonly SagaDefinition[]): Promise<void> {
    const databaseUrl = (this.databaseUrl ??= await this.servers.database(orchestratorMigrations));
    const { access, imports = [], ...options } = this.options;
    const module = await Test.createTestingModule({
      imports: [
        OrchestratorModule.forRoot({
          definitions,
          kafka: { brokers: [] },
          databaseUrl,
          isGlobal: true,
          ...options,
        }),
        AdminModule.forRoot({ access }),
        ...imports,
      ],
    })
      .overrideProvider(SAGA_TRANSPORT)
      .useValue(this.transport)
      .compile();
    this.app = module.createNestApplication();
    this.app.useLogger(false);
    await this.app.init();
  }
}
