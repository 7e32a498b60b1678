/* The subscriber in docs/guide.md is a program that is compiled, and run by test/guide. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const program = join(__dirname, 'guide/large-orders');
const guide = readFileSync(join(__dirname, '../docs/guide.md'), 'utf8');
const text = (file: string): string => readFileSync(join(program, file), 'utf8');

it.each(readdirSync(program))('The guide shows %s as it is', (file) => {
  expect(guide).toContain(`\`\`\`ts\n${text(file)}\`\`\`\n`);
});

it('A third subscriber is said in twenty lines, beside its imports', () => {
  const lines = text('large-orders.ts')
    .split('\n')
    .filter((line) => line !== '' && !/^(?:import|\/\/) /.test(line));
  expect(lines.length).toBeLessThanOrEqual(20);
});
