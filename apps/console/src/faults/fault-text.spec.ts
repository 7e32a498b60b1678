import { faultText, recordedFault } from './fault-text';

const hang = { service: 'payment', command: 'payment.capture', point: 'before-handler', effect: { type: 'hang' } };

it('tells a fault of the operator log', () => {
  expect(faultText(recordedFault(hang)!)).toBe('payment.capture hangs before its handler');
});

it.each([
  ['nothing', undefined],
  ['an effect that is not known here', { ...hang, effect: { type: 'melt' } }],
  ['a point that is not known here', { ...hang, point: 'at-noon' }],
  ['no effect', { ...hang, effect: undefined }],
  ['no service', { ...hang, service: undefined }],
])('does not tell what has %s', (_, value) => {
  expect(recordedFault(value)).toBeUndefined();
});
