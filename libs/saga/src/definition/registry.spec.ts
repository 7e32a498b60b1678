import { placeOrder } from '../../test/sample-saga';
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
});
