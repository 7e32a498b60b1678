import type { Verdict } from './conformance';
import { reportOf } from './report';

const kept: Verdict = {
  rules: [5],
  promise: 'answers again',
  did: ['sent it'],
  saw: ['success'],
  wrong: [],
  unanswered: false,
};
const broken: Verdict = { ...kept, wrong: ['the second reply is another answer'] };
const silent: Verdict = { ...broken, unanswered: true };

it('tells what is wrong, and ends with a count', () => {
  const { lines, ok } = reportOf([kept, broken], true);
  expect(ok).toBe(false);
  expect(lines).toContain('BROKEN  answers again  (rule 5)');
  expect(lines).toContain('        wrong: the second reply is another answer');
  expect(lines.at(-1)).toBe('1 kept, 1 broken');
});

it('is all right when all is kept, and never when nothing was played', () => {
  expect(reportOf([kept], true).ok).toBe(true);
  expect(reportOf([], true).ok).toBe(false);
});

it('says what it could not see', () => {
  expect(reportOf([kept], false).lines.join('\n')).toContain('whether a second effect was had');
  expect(reportOf([kept], true).lines.join('\n')).not.toContain('whether a second effect was had');
});

it('says that it gave up when nobody answered', () => {
  expect(reportOf([silent, silent, silent], true).lines).toContain('Given up: nobody answers any more.');
});
