import { layOutDefinition, type Step } from './definition-graph';
import { differenceOf } from './difference';
import { statisticsOf, wayOf } from './overlay';

const invocation = (command: string, timeout = '5s') =>
  ({ command, service: 'payment', refusals: [], timeout, backoff: '200ms' }) as unknown as NonNullable<Step['action']>;
const step = (name: string, kind: Step['kind'], changes: Partial<Step> = {}): Step => ({
  name,
  kind,
  conditional: false,
  ...changes,
});
const stages = [
  { steps: [step('stock', 'compensatable'), step('payment', 'compensatable', { action: invocation('payment.pay') })] },
  { steps: [step('capture', 'pivot')] },
  { steps: [step('sale', 'retriable'), step('mail', 'retriable')] },
];

it('draws each step once, stage by stage from left to right, without overlaps', () => {
  const { boxes } = layOutDefinition(stages);
  expect(boxes.map((box) => box.step.name)).toEqual(['stock', 'payment', 'capture', 'sale', 'mail']);
  for (const a of boxes)
    for (const b of boxes) {
      if (a.stage < b.stage) expect(a.x).toBeLessThan(b.x);
      if (a.stage === b.stage && a !== b)
        expect(Math.abs(a.y - b.y)).toBeGreaterThanOrEqual(Math.min(a.height, b.height));
    }
});

it('draws an arrow from each step of a stage to each of the next', () => {
  const { arrows } = layOutDefinition(stages);
  expect(arrows.map(({ from, to }) => `${from} → ${to}`)).toEqual([
    'stock → capture',
    'payment → capture',
    'capture → sale',
    'capture → mail',
  ]);
});

it('finds no difference between a definition and itself', () => {
  expect(differenceOf({ stages }, { stages })).toEqual([]);
});

it('names the steps that were added, removed, moved and changed', () => {
  const later = [
    { steps: [step('payment', 'compensatable', { action: invocation('payment.pay', '10s') })] },
    { steps: [step('capture', 'pivot'), step('gift', 'retriable')] },
    { steps: [step('sale', 'retriable')] },
    { steps: [step('mail', 'retriable')] },
  ];
  expect(differenceOf({ stages }, { stages: later })).toEqual([
    { step: 'payment', change: 'changed', what: ['action.timeout: 5s → 10s'] },
    { step: 'gift', change: 'added', what: [] },
    { step: 'mail', change: 'changed', what: ['stage: 3 → 4'] },
    { step: 'stock', change: 'removed', what: [] },
  ]);
});

it('shows the branches of a forEach as one step, by the status that matters most', () => {
  const branch = (index: number, status: string) => ({ name: `seats[${index}]`, status });
  expect(wayOf([branch(0, 'DONE'), branch(1, 'INVOKED'), branch(2, 'DONE')])).toEqual({
    seats: { status: 'INVOKED', line: '1 of 3, invoked' },
  });
});

it('says how long a step takes and how often it fails', () => {
  const pay = {
    definition: 'buy',
    step: 'pay',
    direction: 'action' as const,
    answered: 9,
    refused: 0,
    failed: 1,
    unanswered: 0,
    failureShare: 0.1,
    p50: 12,
    p99: 1_500,
  };
  expect(statisticsOf([pay])).toEqual({ pay: { failureShare: 0.1, line: '10 % fail, p50 12 ms, p99 1.5 s' } });
});
