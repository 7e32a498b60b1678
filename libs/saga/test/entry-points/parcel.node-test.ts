/* A saga and its tests as in a project with the test runner of Node, without jest. */
import { defineCommand } from '@palinode/saga/contract';
import { defineSaga } from '@palinode/saga/definition';
import { explore, sagaTest } from '@palinode/saga/testing';
import { IsString } from 'class-validator';
import assert from 'node:assert/strict';
import { test } from 'node:test';

class Parcel {
  @IsString() parcelId!: string;
}
const pack = defineCommand('depot.pack', { payload: Parcel, refusals: ['no-box'] });
const unpack = defineCommand('depot.unpack', { payload: Parcel });
const send = defineCommand('post.send', { payload: Parcel, refusals: ['no-address'] });

const payload = ({ input }: { input: Parcel }): Parcel => ({ parcelId: input.parcelId });
const sendParcel = defineSaga({ name: 'send-parcel', version: 1, input: Parcel })
  .compensatable('box', { invoke: pack, payload, compensation: { invoke: unpack, payload } })
  .pivot('parcel', { invoke: send, payload })
  .build();

void test('unpacks a parcel without address', () => {
  const saga = sagaTest(sendParcel).start({ parcelId: 'p-1' }).reply(pack).refuse(send, 'no-address');
  saga.compensate(unpack).expectStatus('COMPENSATED');
  assert.throws(() => saga.expectCommands(send), /post\.send was not sent/);
});

void test('sends or unpacks a parcel in every explored course', () => {
  const { states } = explore(sendParcel)
    .world({ packed: 0 })
    .on(pack, { effect: ({ packed }) => ({ packed: packed + 1 }) })
    .on(unpack, { effect: ({ packed }) => ({ packed: packed - 1 }) })
    .whenCompensated('nothing is packed', ({ packed }) => packed === 0)
    .start({ parcelId: 'p-1' })
    .expectNoBrokenPromise();
  assert.ok(states > 10);
});
