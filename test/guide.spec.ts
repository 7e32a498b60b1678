/* The subscriber in docs/guide/events.md is a program that test/guide compiles and runs. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const program = join(__dirname, 'guide/large-orders');
const guide = readFileSync(join(__dirname, '../docs/guide/events.md'), 'utf8');

describe('docs/guide/events.md', () => {
  it.each(readdirSync(program))('shows %s of the tested program unchanged', (file) => {
    expect(guide).toContain(`\`\`\`ts\n${readFileSync(join(program, file), 'utf8')}\`\`\`\n`);
  });
});
