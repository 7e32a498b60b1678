import { criteriaOf, SAGA_FILTER_NAMES, sagaFilters, wordsOf } from './saga-filters';

it('has a chip for each filter but the search, with the definitions that there are', () => {
  const filters = sagaFilters(['place-order']);
  expect(['q', ...filters.map(({ name }) => name)]).toEqual(SAGA_FILTER_NAMES);
  expect(filters.find(({ name }) => name === 'definition')?.values).toEqual([
    { value: 'place-order', label: 'place-order' },
  ]);
});

it('asks for what the address says, and leaves it to the API to refuse what it cannot read', () => {
  expect(criteriaOf({ held: 'false', stuck: 'true', version: '2' })).toEqual({
    held: false,
    stuck: true,
    version: '2',
  });
  expect(criteriaOf({ held: 'perhaps' })).toEqual({ held: 'perhaps' });
});

it('copies a command that finds the same sagas', () => {
  expect(wordsOf({ q: 'order-1', startedAfter: '2026-11-30T09:30:00Z', held: 'false', stuck: 'true' })).toEqual([
    'order-1',
    '--started-after',
    '2026-11-30T09:30:00Z',
    '--no-held',
    '--stuck',
  ]);
});
