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
    ['payment.capture=fail;count=-1', 'count of a fault must be a whole number from 1'],
    ['payment.capture=fail;count=0', 'count of a fault must be a whole number from 1'],
    ['payment.capture=fail;attempt=0', 'attempt of a fault must be a whole number from 1'],
    ['payment.capture=delay;ms=0', 'ms of a fault must be a whole number from 1'],
    ['payment.capture=fail;skip=1.5', 'skip of a fault must be a whole number from 0'],
    ['payment.capture=fail;every=true', 'parameter every of a fault must be one of yes, no'],
    ['payment.capture=fail;every', '"every" is no parameter of a fault; write name=value'],
    ['payment.capture=fail;count=2;count=3', 'parameter count of a fault is given twice'],
    ['payment.capture=fail;reason=not now', '"reason=not now" is no parameter of a fault'],
    ['payment.capture=fail;direction=back', 'direction of a fault must be one of action, compensation'],
    ['orchestrator.start-saga=crash', 'needs ;service='],
  ])('rejects %s and explains what to write', (header, message) => {
    expect(() => readFaults(header, 's-1')).toThrow(message);
  });
});
