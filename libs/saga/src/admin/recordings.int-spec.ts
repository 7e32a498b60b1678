import { v7 as uuidV7 } from 'uuid';
import { AdminUnderTest } from '../../test/admin-under-test';
import { aStart } from '../../test/messages';
import { anOrder, placeOrder } from '../../test/sample-saga';
import type { Recording } from '../engine';
import { SagaRunner } from '../runner/saga-runner';
import { replay } from '../testing';

let admin: AdminUnderTest;
const [sagaid, unknown] = [uuidV7(), uuidV7()];

beforeAll(async () => {
  admin = await AdminUnderTest.start([placeOrder]);
  await admin.knows('ship-order');
  await admin.begin(aStart('place-order', anOrder(), { sagaid }), aStart('ship-order', anOrder(), { sagaid: unknown }));
  const event = { kind: 'cancel', by: 'ada', reason: 'Ann asked' } as const;
  await admin.app.get(SagaRunner).advance([{ sagaId: sagaid, event }]);
});

afterAll(() => admin?.stop());

describe('GET /v1/sagas/:id/recording', () => {
  it('returns a file which the test kit replays without a difference', async () => {
    const { status, headers, body } = await admin.get(`sagas/${sagaid}/recording`);
    expect(status).toBe(200);
    expect(headers['content-disposition']).toBe(`attachment; filename=place-order-${sagaid}.json`);
    const replayed = replay(placeOrder, body as Recording);
    expect(replayed.differences).toEqual([]);
    expect(replayed.end).toBe(
      'The saga is RUNNING; order DONE, stock INVOKED, payment INVOKED, capture PENDING, confirm PENDING, commit PENDING.',
    );
  });

  it('contains no secret, and no name or words of an operator', async () => {
    const { body } = await admin.get(`sagas/${sagaid}/recording`);
    const text = JSON.stringify(body);
    expect(text).toContain('"by":"operator","reason":"Xxx xxxxx"');
    expect(text).not.toMatch(/secret|ada|Ann/);
  });

  it('answers 409 when this instance does not have the definition', async () => {
    const { status, body } = await admin.get(`sagas/${unknown}/recording`);
    expect(status).toBe(409);
    expect(body).toMatchObject({
      type: 'urn:palinode:problem:definition-missing',
      detail: expect.stringContaining('This instance does not have the definition ship-order of this saga'),
    });
  });

  it('answers 404 for an unknown id', async () => {
    expect((await admin.get(`sagas/${uuidV7()}/recording`)).status).toBe(404);
  });
});
