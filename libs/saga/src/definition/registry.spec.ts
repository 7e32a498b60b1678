import { defineSignal, topicsOf } from '../contract';
import { confirmOrder, Order, placeOrder } from '../../test/sample-saga';
import { defineSaga } from './builder';
import type { SagaDefinition } from './definition';
import { DefinitionRegistry } from './registry';

const second = { ...placeOrder, version: 2 };
const tenth = { ...placeOrder, version: 10 };
const other = { ...placeOrder, name: 'other' };

describe('the registry', () => {
  it('finds each version of a definition', () => {
    const registry = new DefinitionRegistry([placeOrder, second]);
    expect([registry.find('place-order', 1), registry.find('place-order', 2)]).toEqual([placeOrder, second]);
  });

  it.each([
    ['place-order', 3],
    ['moon', 1],
  ])('does not find %s v%d', (name, version) => {
    expect(new DefinitionRegistry([placeOrder]).find(name, version)).toBeUndefined();
  });

  it('starts new sagas with the highest version, regardless of the order of registration', () => {
    expect(new DefinitionRegistry([second, tenth, placeOrder]).newest('place-order')).toBe(tenth);
  });

  it('has no newest version of an unknown definition', () => {
    expect(new DefinitionRegistry([placeOrder]).newest('moon')).toBeUndefined();
  });

  it('lists all versions of all definitions', () => {
    expect(new DefinitionRegistry([placeOrder, other, second]).all()).toEqual([placeOrder, second, other]);
  });

  it('rejects a version that is registered twice', () => {
    expect(() => new DefinitionRegistry([placeOrder, { ...placeOrder }])).toThrow(
      'place-order v1 is registered twice; give the newer one version 2.',
    );
  });

  it.each([
    ['a definition', { ...placeOrder, orchestrator: 'travel' }, 'place-order is for the orchestrator travel'],
    ['a definition of the default one', placeOrder, 'place-order is for the orchestrator orchestrator'],
    ['a signal', withSignalOf('travel'), 'consent is for the orchestrator travel'],
  ])('rejects %s that is for another orchestrator', (_, definition, problem) => {
    expect(() => new DefinitionRegistry([definition], topicsOf({ orchestrator: 'shop' }))).toThrow(
      `${problem}, and this one is named shop`,
    );
  });

  it('accepts a definition and a signal that are for this orchestrator', () => {
    const topics = topicsOf({ orchestrator: 'shop' });
    expect(new DefinitionRegistry([withSignalOf('shop')], topics).all()).toHaveLength(1);
  });

  it('rejects the name of a participant as that of the orchestrator', () => {
    const definition = { ...placeOrder, orchestrator: 'payment' };
    expect(() => new DefinitionRegistry([definition], topicsOf({ orchestrator: 'payment' }))).toThrow(
      'payment is the name of a participant; the orchestrator needs another',
    );
  });
});

/** A definition of the orchestrator `shop`, that waits for a signal to this one. */
function withSignalOf(orchestrator: string): SagaDefinition {
  return defineSaga({ name: 'ask', version: 1, input: Order, orchestrator: 'shop' })
    .wait('consent', { signal: defineSignal('consent', { payload: Order, orchestrator }), timeout: '1h' })
    .pivot('order', { invoke: confirmOrder, payload: ({ input }) => ({ orderId: input.orderId }) })
    .build();
}
