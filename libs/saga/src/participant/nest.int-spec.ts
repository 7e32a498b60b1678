import {
  BadRequestException,
  Catch,
  Controller,
  Injectable,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
  ValidationPipe,
  type ArgumentMetadata,
  type CallHandler,
  type CanActivate,
  type ExceptionFilter,
  type ExecutionContext,
  type NestInterceptor,
  type PipeTransform,
  type Type,
} from '@nestjs/common';
import { Ctx, MessagePattern, RpcException } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { map, of, throwError, type Observable } from 'rxjs';
import { EntityManager as TypeOrmEntityManager, type EntityManager } from 'typeorm';
import { defineCommand, refuse, ConfigurationError, type CommandContract, type Refusal, type Reply } from '../contract';
import { aCommand } from '../../test/messages';
import { ParticipantUnderTest } from '../../test/participant-under-test';
import { RealServers } from '../../test/real-servers';
import { RecordingLog } from '../../test/recording-log';
import { Act, actAlone, Acted } from '../../test/sample-participant';
import { CommandContext } from './command-context';
import { HandleCommand, COMMAND_TRANSPORT } from './handle-command';
import { commandOf } from '../handlers/handler-context';
import { participantMigrations } from './migrations';
import { connectParticipant, ParticipantHealth, ParticipantModule } from './participant.module';

const define = (name: string): CommandContract<Act, Acted, 'sold-out'> =>
  defineCommand(name, { payload: Act, reply: Acted, refusals: ['sold-out'] });
const piped = define('shop.piped');
const guarded = define('shop.guarded');
const intercepted = define('shop.intercepted');
const filtered = define('shop.filtered');
const throwing = define('shop.throwing');
const informed = define('shop.informed');

@Injectable()
class UpperCase implements PipeTransform {
  transform(value: Act, { type }: ArgumentMetadata): Act {
    return type === 'body' ? { ...value, item: value.item.toUpperCase() } : value;
  }
}

@Injectable()
class Doorman implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const command = context.switchToRpc().getData<Act>();
    const { sagastep } = commandOf(context.switchToRpc().getContext<EntityManager>());
    if (command.item === 'bomb') throw new RpcException('no bombs');
    if (command.item === 'knife') throw new RpcException({ code: 3, message: `no knives in ${sagastep}` });
    return command.item !== 'dog';
  }
}

@Injectable()
class Doubling implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler<Acted>): Observable<Acted> {
    return next.handle().pipe(map(({ effect }) => ({ effect: effect * 2 })));
  }
}

@Injectable()
class Registrar implements CanActivate {
  canActivate(execution: ExecutionContext): boolean {
    return execution.switchToRpc().getContext<CommandContext>().attempt < 7;
  }
}

class SoldOut extends Error {}

@Catch(SoldOut)
class Translate implements ExceptionFilter {
  catch({ message }: SoldOut): Observable<Refusal> {
    return message === 'lamp' ? of(refuse('sold-out')) : throwError(() => new Error(`translated ${message}`));
  }
}

const seen: unknown[] = [];

@Controller()
class Wrapped {
  @HandleCommand(piped)
  @UsePipes(UpperCase)
  async piped(command: Act, tx: EntityManager): Promise<Acted> {
    await tx.query('SELECT 1');
    seen.push(command);
    return { effect: 1 };
  }

  @HandleCommand(guarded)
  @UseGuards(Doorman)
  async guarded(_command: Act): Promise<Acted> {
    return { effect: 1 };
  }

  @HandleCommand(intercepted)
  @UseInterceptors(Doubling)
  async intercepted(_command: Act): Promise<Acted> {
    return { effect: 21 };
  }

  @UseFilters(Translate)
  @HandleCommand(filtered)
  async filtered({ item }: Act): Promise<Acted> {
    throw new SoldOut(item);
  }

  @HandleCommand(informed)
  @UseGuards(Registrar)
  async informed({ item }: Act, @Ctx() context: CommandContext): Promise<Acted> {
    if (item === 'bomb') throw new Error('no bombs');
    const { sagaId, step, direction, commandId, attempt, idempotencyKey, signal } = context;
    const calls = await context.once('count', async (key) => key);
    const [row] = await context.transaction.query<{ one: number }[]>('SELECT 1 AS one');
    context.onCommitted(() => seen.push('committed'));
    seen.push({ sagaId, step, direction, commandId, attempt, idempotencyKey, aborted: signal.aborted, calls });
    return { effect: row?.one ?? 0 };
  }

  @HandleCommand(throwing)
  async throwing({ item }: Act): Promise<Acted> {
    if (item === 'http') throw new BadRequestException('bad lamp');
    if (item === 'rpc') throw new RpcException({ code: 7, message: 'bad lamp' });
    throw { toString: () => 'bad lamp' };
  }
}

let servers: RealServers;
let databaseUrl: string;
let shop: ParticipantUnderTest;
const commands = [piped, guarded, intercepted, filtered, throwing, informed];

beforeAll(async () => {
  servers = await RealServers.start();
  databaseUrl = await servers.database(participantMigrations);
  shop = await ParticipantUnderTest.start({
    databaseUrl,
    commands,
    controllers: [Wrapped],
    prepare: (app) =>
      app.useGlobalPipes(new ValidationPipe({ transform: true, whitelist: true, forbidNonWhitelisted: true })),
  });
});

afterAll(async () => {
  await shop?.stop();
  await servers?.stop();
});

async function send(contract: CommandContract, item: string): Promise<Reply | undefined> {
  const [reply] = await shop.deliver(aCommand(contract, { item }));
  return reply;
}

describe('a command handler with Nest enhancers', () => {
  it('receives the payload after the pipes, including those of the application', async () => {
    expect(await send(piped, 'lamp')).toMatchObject({ outcome: 'success' });
    expect(seen).toEqual([{ item: 'LAMP' }]);
  });

  it.each([
    ['that throws', 'bomb', 'no bombs'],
    ['that throws an error about the command', 'knife', 'no knives in step'],
    ['that denies access', 'dog', 'Forbidden resource'],
  ])('fails with the reason of a guard %s', async (_what, item, detail) => {
    expect(await send(guarded, item)).toMatchObject({ outcome: 'failure', data: { detail } });
    expect(await send(guarded, 'lamp')).toMatchObject({ outcome: 'success' });
  });

  it('answers with the reply that an interceptor changed', async () => {
    expect(await send(intercepted, 'lamp')).toMatchObject({ data: { effect: 42 } });
  });

  it('refuses when a filter turns its error into a refusal', async () => {
    expect(await send(filtered, 'lamp')).toMatchObject({ outcome: 'refusal', data: { reason: 'sold-out' } });
  });

  it('fails with the error that a filter translated', async () => {
    expect(await send(filtered, 'shade')).toMatchObject({ outcome: 'failure', data: { detail: 'translated shade' } });
  });

  it.each([
    ['http', 'BadRequestException'],
    ['rpc', 'Error'],
    ['anything', 'Error'],
  ])('reports an exception of the kind %s with its own message', async (item, reason) => {
    expect(await send(throwing, item)).toMatchObject({ outcome: 'failure', data: { reason, detail: 'bad lamp' } });
  });
});

describe('a command handler with @Ctx()', () => {
  it('knows the command, and uses its transaction, third parties and commit', async () => {
    seen.length = 0;
    const command = aCommand(informed, { item: 'lamp' }, { sagaattempt: 3 });
    const [reply] = await shop.deliver(command);
    expect(reply).toMatchObject({ outcome: 'success', data: { effect: 1 } });
    const idempotencyKey = `${command.sagaid}/${command.sagastep}/action`;
    expect(seen).toEqual([
      {
        sagaId: command.sagaid,
        step: command.sagastep,
        direction: 'action',
        commandId: command.id,
        attempt: 3,
        idempotencyKey,
        aborted: false,
        calls: `${idempotencyKey}/count`,
      },
      'committed',
    ]);
  });

  it('fails with its own error', async () => {
    expect(await send(informed, 'bomb')).toMatchObject({ outcome: 'failure', data: { detail: 'no bombs' } });
  });

  it('is guarded by the contents of its context', async () => {
    const [reply] = await shop.deliver(aCommand(informed, { item: 'lamp' }, { sagaattempt: 7 }));
    expect(reply).toMatchObject({ outcome: 'failure', data: { detail: 'Forbidden resource' } });
  });

  it('is rejected when @Ctx() and the type of its parameter do not match', () => {
    expect(() => {
      class Without {
        @HandleCommand(informed)
        async act(_command: Act, _context: CommandContext): Promise<Acted> {
          return { effect: 1 };
        }
      }
      return Without;
    }).toThrow('Without.act takes a CommandContext; write @Ctx() before that parameter.');
    expect(() => {
      class With {
        @HandleCommand(informed)
        async act(_command: Act, @Ctx() _tx: TypeOrmEntityManager): Promise<Acted> {
          return { effect: 1 };
        }
      }
      return With;
    }).toThrow('With.act has @Ctx() before an EntityManager; make it a CommandContext, or remove @Ctx().');
  });
});

describe('the start of a participant', () => {
  @Controller()
  class One {
    @HandleCommand(actAlone)
    async act(): Promise<Acted> {
      return { effect: 1 };
    }
  }

  @Controller()
  class Two extends One {
    @HandleCommand(actAlone)
    async again(): Promise<Acted> {
      return { effect: 2 };
    }
  }

  @Controller()
  class Foreign {
    @HandleCommand(defineCommand('bank.pay', { payload: Act }))
    async pay(): Promise<void> {}
  }

  @Controller()
  class Unlisted {
    @HandleCommand(define('shop.unlisted'))
    async act(): Promise<Acted> {
      return { effect: 1 };
    }
  }

  @Controller()
  class Plain {
    @MessagePattern('shop.plain', COMMAND_TRANSPORT)
    async plain(): Promise<void> {}
  }

  const starting = (controllers: Type[], of: CommandContract[] = []): Promise<unknown> =>
    ParticipantUnderTest.start({ databaseUrl, commands: of, controllers });

  it.each([
    ['a command without a handler', [], 'shop.act-alone has no handler; add a method with @HandleCommand'],
    ['two handlers of one command', [Two], 'shop.act-alone has two handlers; remove one @HandleCommand.'],
    ['a handler for a command of another service', [One, Foreign], 'bank.pay belongs to bank; shop cannot handle it.'],
    ['a handler without a contract', [One, Plain], 'shop.plain is no saga command; use @HandleCommand.'],
    ['a handler whose command is not listed', [One, Unlisted], 'shop.unlisted has a handler and is no command of shop'],
  ])('fails with the remedy for %s', async (_what, controllers, remedy) => {
    const error: unknown = await starting(controllers, [actAlone]).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error).toMatchObject({ message: expect.stringContaining(remedy) });
  });

  it('fails with the remedy for a handler that is in no controller', async () => {
    @Injectable()
    class Service extends One {}
    const setup = { databaseUrl, commands: [actAlone], controllers: [One], providers: [Service] };
    await expect(ParticipantUnderTest.start(setup)).rejects.toThrow(
      /Service\.act has @HandleCommand and is in no controller, so it would never be called; add @Controller\(\)/,
    );
  });

  it('accepts a controller that is a provider of another module as well', async () => {
    const setup = { databaseUrl, commands: [actAlone], controllers: [One], providers: [One] };
    await (await ParticipantUnderTest.start(setup)).stop();
  });

  it('fails with the remedy when its tables are not there', async () => {
    const setup = { databaseUrl: await servers.database(), commands: [actAlone], controllers: [One] };
    await expect(ParticipantUnderTest.start(setup)).rejects.toThrow(
      /has no table inbox, outbox, event_outbox, unacknowledged, third_party_call; run participantMigrations on it/,
    );
  });

  it('fails with the remedy when nothing has connected it', async () => {
    const setup = { databaseUrl, commands: [actAlone], controllers: [One], connects: false };
    await expect(ParticipantUnderTest.start(setup)).rejects.toThrow(
      /Nothing connects shop with its commands.*; call connectParticipant\(app\) before the application starts/,
    );
  });

  it('fails with the remedy in an application without ParticipantModule', async () => {
    const module = await Test.createTestingModule({}).compile();
    const app = module.createNestApplication();
    expect(() => connectParticipant(app)).toThrow(/no ParticipantModule; add ParticipantModule\.forRoot/);
    await app.close();
  });

  it.each([
    ['an invalid name', { service: 'The Shop' }, /"The Shop" is no name of a service; use lower-case letters/],
    ['an inbox that remembers nothing', { inboxDays: 1 }, /inboxDays must be 2 or more, and is 1/],
    ['no time to acknowledge a start', { resendAfterMs: 0 }, /resendAfterMs must be 1 or more, and is 0/],
  ])('fails with the remedy for %s', (_what, options, message) => {
    const complete = { service: 'shop', commands: [], kafka: { brokers: ['kafka:9092'] }, ...options };
    expect(() => ParticipantModule.forRoot(complete)).toThrow(message);
  });

  it('warns once for each handler that has a former transaction setting', async () => {
    @Controller()
    class Former {
      @HandleCommand(actAlone, { transaction: 'shared' })
      async act(): Promise<Acted> {
        return { effect: 1 };
      }
    }
    const logger = new RecordingLog();
    const instance = await ParticipantUnderTest.start({
      databaseUrl,
      commands: [actAlone],
      controllers: [Former],
      logger,
    });
    const about = logger.lines.filter((line) => line.includes('deprecated'));
    expect(about).toEqual([
      "The handler of shop.act-alone has transaction: 'shared', which is deprecated; use transaction: 'per-batch'.",
    ]);
    await instance.stop();
  });

  it('reports a problem with the remedy until the microservices are started', async () => {
    const setup = { databaseUrl, commands: [actAlone], controllers: [One], listens: false };
    const instance = await ParticipantUnderTest.start(setup);
    const health = instance.app.get(ParticipantHealth);
    const message = 'the participant has not started consuming yet; call app.startAllMicroservices()';
    expect(health.check()).toBe(message);
    expect(health.isHealthy('shop')).toEqual({ shop: { status: 'down', message } });
    await instance.app.startAllMicroservices();
    expect(health.check()).toBeUndefined();
    expect(health.isHealthy('shop')).toEqual({ shop: { status: 'up' } });
    await instance.stop();
  });

  it('succeeds with a valid configuration', async () => {
    const instance = await ParticipantUnderTest.start({ databaseUrl, commands: [actAlone], controllers: [One] });
    await instance.stop();
  });
});
