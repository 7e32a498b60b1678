import { ConnectionMemory } from './connection-memory';

describe('the memory of all connections', () => {
  let ended: string[];
  let memory: ConnectionMemory;
  const holder = (name: string): { destroy(): void } => ({ destroy: () => ended.push(name) });
  beforeEach(() => {
    ended = [];
    memory = new ConnectionMemory(100);
  });

  it('closes the connection that holds the most memory when the limit is reached', () => {
    const [small, large] = [holder('small'), holder('large')];
    memory.note(large, 60);
    memory.note(small, 30);
    memory.note(small, 20);
    memory.note(small, 40);
    expect([ended, memory.freeBytes]).toEqual([[], 0]);
    memory.note(small, 41);
    expect([ended, memory.freeBytes]).toEqual([['large'], 59]);
  });

  it('frees the memory of connections that end or finish', () => {
    const [first, second] = [holder('first'), holder('second')];
    memory.note(first, 50);
    memory.note(second, 50);
    memory.forget(first);
    memory.note(second, 0);
    memory.forget(second);
    expect([ended, memory.freeBytes]).toEqual([[], 100]);
  });

  it('never exceeds the memory limit with any number of connections', () => {
    for (let at = 0; at < 40; at++) {
      memory.note(holder(`frame ${at}`), 60);
      expect(memory.freeBytes).toBe(40);
    }
    expect(ended).toHaveLength(39);
  });
});
