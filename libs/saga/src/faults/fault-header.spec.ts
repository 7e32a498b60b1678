import { readFaults } from './fault-header';

describe('the X-Saga-Fault header', () => {
  it('names commands and effects, each to occur once at the usual point', () => {
    expect(readFaults('payment.capture=drop-reply, payment.void=fail;count=2', 's-1')).toMatchObject([
      {
        id: 's-1/0',
        service: 'payment',
        command: 'payment.capture',
        point: 'before-publish',
        effect: { type: 'drop-reply' },
        count: 1,
      },
      { id: 's-1/1', command: 'payment.void', point: 'before-handler', effect: { type: 'fail' }, count: 2 },
    ]);
  });

  it('accepts the fields of a rule as parameters', () => {
    const [rule] = readFaults(
      'payment.authorize=late-reply;service=orchestrator;point=received;direction=action;ms=20;attempt=3;skip=1;reason=x',
      's-1',
    );
    expect(rule).toMatchObject({
      service: 'orchestrator',
      point: 'received',
      direction: 'action',
      effect: { type: 'late-reply', ms: 20, reason: 'x' },
      attempt: 3,
      skip: 1,
    });
  });

  it.each([
    ['payment.capture', 'write command=effect'],
    ['payment.capture=explode', 'effect of a fault must be one of refuse, fail'],
    ['payment.capture=crash;point=never', 'point of a fault must be one of received'],
    ['payment.capture=crash;often=2', 'often is no parameter'],
    ['payment.capture=fail;count=-1', 'count of a fault must be a whole number'],
    ['orchestrator.start-saga=crash', 'needs ;service='],
  ])('rejects %s and explains what to write', (header, message) => {
    expect(() => readFaults(header, 's-1')).toThrow(message);
  });
});
