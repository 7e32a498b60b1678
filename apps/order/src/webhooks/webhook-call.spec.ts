import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { WebhookTargetServer } from '../../test/webhook-target-server';
import { WebhookCaller } from './webhook-call';

const CALLS = 32;

const collectGarbage = (): void => {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
};

describe('a webhook call to a target that never ends its answer', () => {
  it.each<[string, Parameters<typeof WebhookTargetServer.start>[0]]>([
    ['answers nothing', () => undefined],
    ['sends its headers and then nothing', (_request, response) => response.flushHeaders()],
  ])('ends in time although garbage is collected while 32 wait, when the target %s', async (_what, behaviour) => {
    const target = await WebhookTargetServer.start(behaviour);
    const caller = new WebhookCaller({ hosts: ['127.0.0.1'], privateTargets: true });
    const { signal } = new AbortController();
    let ended = 0;
    const calls = Array.from({ length: CALLS }, async () => {
      const found = await caller.call({ url: target.url, headers: {}, body: '{}', timeoutMs: 1_000, signal });
      ended += 1;
      return found;
    });
    try {
      await waitUntil('all calls are in progress', () => target.received.length === CALLS);
      collectGarbage();
      await waitUntil('all calls end', () => ended === CALLS, { deadlineMs: 30_000 });
      expect(await Promise.all(calls)).toEqual(
        calls.map(() => expect.objectContaining({ problem: 'no answer in time' })),
      );
    } finally {
      await target.stop();
    }
  });
});
