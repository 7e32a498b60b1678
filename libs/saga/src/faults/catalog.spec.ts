import { authorizePayment, capturePayment, reserveStock, voidPayment } from '../../test/sample-saga';
import { catalogOf, impossible } from './catalog';
import type { FaultRule } from './fault-rule';

const catalog = catalogOf([
  { contract: authorizePayment, directions: ['action'] },
  { contract: capturePayment, directions: ['action'] },
  { contract: voidPayment, directions: ['compensation'] },
  { contract: reserveStock, directions: ['action'] },
]);
const problemOf = (part: Partial<FaultRule>): unknown =>
  impossible({ service: 'payment', point: 'before-handler', effect: { type: 'fail' }, ...part }, catalog);

describe('the catalog of possible faults', () => {
  it.each<[string, Partial<FaultRule>, string, string]>([
    ['an unknown service', { service: 'moon' }, 'service', 'must be one of inventory, orchestrator, payment'],
    [
      'a command of another service',
      { command: 'inventory.reserve-stock' },
      'command',
      'must be one of payment.authorize, payment.capture, payment.void, orchestrator.start-saga',
    ],
    [
      'a direction that the command never takes',
      { command: 'payment.void', direction: 'action' },
      'direction',
      'must be one of compensation for payment.void',
    ],
    [
      'a point that the service does not pass',
      { service: 'orchestrator' },
      'point',
      'must be one of received, before-commit, after-commit, before-publish, after-publish in the orchestrator',
    ],
    [
      'an effect that is impossible at the point',
      { effect: { type: 'drop-reply' } },
      'effect.type',
      'must be one of refuse, fail, delay, hang, crash before-handler in a participant',
    ],
    [
      'a refusal without a command',
      { effect: { type: 'refuse', reason: 'no' } },
      'command',
      'must be named: each declares its own refusals',
    ],
    [
      'a refusal of a command that declares none',
      { command: 'payment.void', effect: { type: 'refuse', reason: 'no' } },
      'effect.type',
      'cannot be refuse: payment.void declares no refusals',
    ],
    [
      'an undeclared reason',
      { command: 'payment.capture', effect: { type: 'refuse', reason: 'no' } },
      'effect.reason',
      'must be one of expired for payment.capture',
    ],
    [
      'a time for an effect that takes none',
      { effect: { type: 'fail', ms: 100 } },
      'effect.ms',
      'is only for delay, hang, late-reply, not for fail',
    ],
    [
      'a reason for an effect that is no refusal',
      { effect: { type: 'fail', reason: 'tired' } },
      'effect.reason',
      'is only for refuse, not for fail',
    ],
    [
      'an attempt of the start of a saga',
      { command: 'orchestrator.start-saga', point: 'before-commit', effect: { type: 'crash' }, attempt: 2 },
      'attempt',
      'is only for commands, not for orchestrator.start-saga',
    ],
    [
      'a direction of the start of a saga',
      { command: 'orchestrator.start-saga', point: 'before-commit', effect: { type: 'crash' }, direction: 'action' },
      'direction',
      'is only for commands, not for orchestrator.start-saga',
    ],
  ])('rejects %s and names the possible values', (_what, part, field, problem) => {
    expect(problemOf(part)).toEqual({ field, problem });
  });

  it.each<[string, Partial<FaultRule>]>([
    ['a failing handler', {}],
    ['a declared refusal', { command: 'payment.capture', effect: { type: 'refuse', reason: 'expired' } }],
    ['a lost reply', { point: 'before-publish', effect: { type: 'drop-reply' } }],
    ['a crash of the orchestrator', { service: 'orchestrator', point: 'after-commit', effect: { type: 'crash' } }],
    [
      'a crash of the service that starts sagas',
      { command: 'orchestrator.start-saga', point: 'before-commit', effect: { type: 'crash' } },
    ],
  ])('accepts %s', (_what, part) => {
    expect(problemOf(part)).toBeUndefined();
  });
});
