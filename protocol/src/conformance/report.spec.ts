import type { Verdict } from './conformance';
import { reportOf } from './report';

const SEEN = { effects: true, failures: true };

const kept: Verdict = {
  rules: [5],
  promise: 'answers again',
  did: ['sent it'],
  saw: ['success'],
  wrong: [],
  unanswered: false,
};
const broken: Verdict = { ...kept, wrong: ['the second reply is different'] };
const silent: Verdict = { ...broken, unanswered: true };

it('the conformance report lists the problems and ends with a count', () => {
  const { lines, ok } = reportOf([kept, broken], SEEN);
  expect(ok).toBe(false);
  expect(lines).toContain('BROKEN  answers again  (rule 5)');
  expect(lines).toContain('        wrong: the second reply is different');
  expect(lines.at(-1)).toBe('1 kept, 1 broken');
});

it('the conformance report is ok only when at least one check ran and all passed', () => {
  expect(reportOf([kept], SEEN).ok).toBe(true);
  expect(reportOf([], SEEN).ok).toBe(false);
});

it('the conformance report states what could not be observed', () => {
  expect(reportOf([kept], { effects: false, failures: false }).lines.join('\n')).toContain(
    'whether there was a second effect',
  );
  expect(reportOf([kept], SEEN).lines.join('\n')).not.toContain('whether there was a second effect');
});

it('the conformance report states that it gave up when the participant stops answering', () => {
  expect(reportOf([silent, silent, silent], SEEN).lines).toContain('Given up: the participant no longer answers.');
});
