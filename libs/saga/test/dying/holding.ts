/*
 * A process of the sample participant: `node holding.ts URL COMMANDS`. It receives the commands in one batch and blocks
 * when the handler of the last one has ended and nothing is committed for it. It then reports this, and the test kills
 * it.
 */
import type { Command } from '../../src/contract';
import type { Hooks } from '../../src/messaging';
import { ParticipantUnderTest } from '../participant-under-test';
import { Shop, shopCommands } from '../sample-participant';

const [databaseUrl = '', text = '[]'] = process.argv.slice(2);
const commands = JSON.parse(text) as Command[];

const holding: Hooks = {
  wrapTransport: (transport) => transport,
  beforeHandler: async () => undefined,
  beforeCommit: async ({ messageId }) => {
    if (messageId !== commands.at(-1)?.id) return undefined;
    process.stdout.write('holding\n');
    return new Promise(() => undefined);
  },
  afterCommit: async () => undefined,
  carry: (asked) => asked,
};

async function main(): Promise<void> {
  const setup = { databaseUrl, commands: shopCommands, controllers: [Shop], hooks: holding };
  const participant = await ParticipantUnderTest.start(setup);
  await participant.deliver(...commands);
}

void main();
