import { stepRowsOf, type Step } from '../src/screens/saga/step-rows';

const step = (name: string, fields: Partial<Step> = {}): Step => ({
  name,
  stage: 0,
  kind: 'compensatable',
  status: 'DONE',
  availableActions: [],
  ...fields,
});
const branches = (name: string, count: number): Step[] =>
  Array.from({ length: count }, (_, n) => step(`${name}[${n}]`, n === 3 ? { status: 'REFUSED' } : {}));
const namesOf = (steps: readonly Step[], options: { wanted?: string; unfolded?: string[] } = {}): string[] =>
  stepRowsOf(steps, { wanted: options.wanted ?? '', unfolded: new Set(options.unfolded) }).map((row) =>
    row.kind === 'step' ? row.step.name : `${row.name} ×${row.of.length}`,
  );

describe('stepRowsOf', () => {
  const steps = [step('hotel'), ...branches('seats', 6), step('ticket'), ...branches('bags', 2)];

  it('shows many branches of a forEach as one row, and few of them one by one', () => {
    expect(namesOf(steps)).toEqual(['hotel', 'seats ×6', 'ticket', 'bags[0]', 'bags[1]']);
  });

  it('shows each branch below its forEach once that is unfolded', () => {
    const all = branches('seats', 6).map(({ name }) => name);
    expect(namesOf(steps, { unfolded: ['seats'] }).slice(1, 8)).toEqual(['seats ×6', ...all]);
  });

  it('finds steps by a text, among folded branches too', () => {
    expect(namesOf(steps, { wanted: 'refused' })).toEqual(['seats[3]']);
    expect(namesOf(steps, { wanted: ' SEATS[1' })).toEqual(['seats[1]']);
  });
});
