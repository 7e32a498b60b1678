import type { NestExpressApplication } from '@nestjs/platform-express';
import { acceptJson, refusalOfBody } from './json-body';

type Verify = (request: object, response: unknown, body: Buffer) => void;

function verifier(): Verify {
  let verify: Verify = () => undefined;
  const useBodyParser = (_type: string, options: { verify: Verify }): void => void (verify = options.verify);
  acceptJson({ use: () => undefined, useBodyParser } as unknown as NestExpressApplication);
  return verify;
}

describe('a body of HTTP', () => {
  it.each([
    ['text with NUL', String.raw`{"customerId":"\u0000"}`, 'has text with NUL'],
    ['half a surrogate pair', String.raw`{"customerId":"\ud83d"}`, 'half a surrogate pair'],
    ['tens of thousands of values', `{"lines":[${'{},'.repeat(20_000)}{}]}`, 'has more than 2000 values'],
    ['too many levels', '['.repeat(33) + ']'.repeat(33), 'nests more than 32 levels deep'],
  ])('rejects a body with %s before parsing it', (_what, body, problem) => {
    const request = {};
    expect(() => verifier()(request, undefined, Buffer.from(body))).toThrow();
    expect(refusalOfBody(request)?.message).toContain(problem);
  });
});
