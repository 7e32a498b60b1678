/*
 * A process of the sample participant: `node holding.ts URL COMMANDS`. It receives the commands in one batch and blocks
 * when the handler of the last one has ended and nothing is committed for it. It then reports this, and the test kills
 * it.
 */
import type { Command } from '../../src/contract';
import type { Faults } from '../../src/messaging';
import { ParticipantUnderTest } from '../participant-under-test';
import { Shop, shopCommands } from '../sample-participant';

const [databaseUrl = '', text = '[]'] = process.argv.slice(2);
const commands = JSON.parse(text) as Command[];

const holding: Faults = {
  around: (transport) => transport,
  check: () => undefined,
  strike: async (point, { messageId }) => {
    if (point !== 'before-commit' || messageId !== commands.at(-1)?.id) return undefined;
    process.stdout.write('holding\n');
    return new Promise(() => undefined);
  },
};

async function main(): Promise<void> {
  const setup = { databaseUrl, commands: shopCommands, controllers: [Shop], faults: holding };
  const participant = await ParticipantUnderTest.start(setup);
  await participant.flush(...commands);
}

void main();
