import { deadLetter } from './dead-letter';

const message = { topic: 'shop.commands', partition: 3, offset: '42', key: 'key', value: Buffer.from([0, 255, 7]) };

describe('a dead letter', () => {
  it('holds the message byte for byte, with where it was and why', () => {
    expect(deadLetter(message, 'no JSON', 'shop')).toEqual({
      topic: 'saga.dead-letters',
      key: 'key',
      value: Buffer.from([0, 255, 7]),
      headers: {
        reason: 'no JSON',
        service: 'shop',
        'original-topic': 'shop.commands',
        'original-partition': '3',
        'original-offset': '42',
      },
    });
  });

  it('of nothing is empty', () => {
    expect(deadLetter({ ...message, key: null, value: null }, 'empty', 'shop')).toMatchObject({
      key: '',
      value: Buffer.alloc(0),
    });
  });

  it('fits into what a broker takes, however large the message and the reason', () => {
    const { value, headers, key } = deadLetter(
      { ...message, key: 'k'.repeat(500_000), value: Buffer.alloc(1_048_000) },
      'why '.repeat(100_000),
      'shop',
    );
    expect(value.length + key.length + JSON.stringify(headers).length).toBeLessThan(1_010_000);
    expect(headers?.['original-bytes']).toBe('1048000');
  });
});
