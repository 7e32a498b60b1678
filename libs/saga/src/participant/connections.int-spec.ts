import { IsInt } from 'class-validator';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { defineEvent } from '../contract';
import { aCommand } from '../../test/messages';
import { ParticipantUnderTest } from '../../test/participant-under-test';
import { RealServers } from '../../test/real-servers';
import { actAlone, actTogether, behave, EFFECTS, Shop, shopCommands } from '../../test/sample-participant';
import { Events } from './events';
import { participantMigrations } from './migrations';
import { once } from './third-party-calls';

class Noted {
  @IsInt() n!: number;
}
const noted = defineEvent('shop.noted', { payload: Noted, subject: ({ n }: Noted): string => String(n) });

let servers: RealServers;

beforeAll(async () => {
  servers = await RealServers.start();
});

afterAll(() => servers?.stop());

it('runs the event relay, both kinds of handlers and their additional queries with the fewest connections', async () => {
  const shop = await ParticipantUnderTest.start({
    databaseUrl: await servers.database(participantMigrations),
    commands: shopCommands,
    events: [noted],
    controllers: [Shop],
    connection: { max: 5 },
  });
  await shop.sql(EFFECTS);
  const publish = (n: number): Promise<void> =>
    shop.source.transaction((tx) => shop.app.get(Events).publish(tx, noted, { n }));
  await publish(1);
  await waitUntil('the relay leads', () => shop.transport.sent('shop.events').length === 1);
  const asks = behave('asks for a second connection', () => shop.sql('SELECT 1').then(() => undefined));
  const calls = behave('asks for one, and stores a call', async (tx) => {
    await shop.sql('SELECT 1');
    await once(tx, 'only', async () => 1);
  });
  const commands = Array.from({ length: 40 }, (_, n) =>
    n % 2 ? aCommand(actAlone, { item: 'lamp', as: calls }) : aCommand(actTogether, { item: 'lamp', as: asks }),
  );
  await Promise.all([shop.deliver(...commands), publish(2), publish(3)]);
  for (const command of commands) expect(await shop.effectsOf(command)).toHaveLength(1);
  await waitUntil('all events are sent', () => shop.transport.sent('shop.events').length === 3);
  await shop.stop();
});
