import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SEEDED_BUGS } from '../../../libs/saga/test/seeded-bugs/seeded-bugs';
import { mistakes } from './mistakes';
import { MODELS } from './spin';

const sources = readdirSync(MODELS).map((file) => readFileSync(join(MODELS, file), 'utf8'));
const switches = sources.flatMap((text) => [...text.matchAll(/(?:#ifn?def |defined\()([A-Z_]+)\b(?!\d)/g)]);

describe('the seeded mistakes of the models', () => {
  it('match the switches of the models', () => {
    const names = new Set(switches.map(([, name]) => name));
    // No mistakes, but other worlds: without an operator who resumes, with another sender's commands, with a participant that forgets.
    for (const world of ['NO_OPERATOR', 'IMPOSTOR', 'FORGETFUL']) names.delete(world);
    expect(names).toEqual(new Set(mistakes.map(({ name }) => name)));
  });

  it('refer to seeded bugs that the simulator knows', () => {
    const known = SEEDED_BUGS.map(({ bug }) => bug);
    expect(known).toEqual(expect.arrayContaining(mistakes.flatMap(({ seeded }) => seeded ?? [])));
  });
});
