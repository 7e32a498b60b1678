/* A participant small enough to be given every defect: it lends the keys of lockers. */
import { asyncApiOf } from '@palinode/saga/asyncapi';
import { defineCommand } from '@palinode/saga/contract';
import { defineSaga } from '@palinode/saga/orchestrator';
import { IsUUID } from 'class-validator';

class Locker {
  @IsUUID() lockerId!: string;
}
class KeyHanded {
  @IsUUID() keyId!: string;
}

const handKey = defineCommand('locker.hand-key', { payload: Locker, reply: KeyHanded, refusals: ['taken'] });
const takeKeyBack = defineCommand('locker.take-key-back', { payload: Locker });

const lend = defineSaga({ name: 'lend-locker', version: 1, input: Locker })
  .compensatable('key', {
    invoke: handKey,
    payload: ({ input }) => input,
    compensation: { invoke: takeKeyBack, payload: ({ input }) => input },
  })
  .build();

export const lockerDocument = asyncApiOf({
  title: 'lockers',
  version: '1.0.0',
  description: '',
  definitions: [lend],
  commands: [handKey, takeKeyBack],
});
