import { IsInt, IsOptional, IsString } from 'class-validator';
import { defineCommand, defineEvent, type CommandContract } from '../contract';
import { asyncApiOf } from './document';
import { breaksBetween } from './compatibility';

class Reserve {
  @IsString() orderId!: string;
}
class Reserved {
  @IsString() reservationId!: string;
}

const shipped = [
  defineCommand('inventory.reserve', { payload: Reserve, reply: Reserved, refusals: ['out-of-stock'] }),
  defineCommand('inventory.release', { payload: Reserve }),
];

const documentOf = (commands: readonly CommandContract[]): Readonly<Record<string, unknown>> =>
  asyncApiOf({ title: 'test', version: '1.0.0', description: '', definitions: [], commands });

/** Returns the problems when the first command becomes this one. */
const problems = (reserve: CommandContract): string[] =>
  breaksBetween(documentOf(shipped), documentOf([reserve, shipped[1]!])).map(({ problem }) => problem);

it('unchanged contracts break nothing', () => {
  expect(problems(shipped[0]!)).toEqual([]);
});

it('a command and its reply may gain optional fields', () => {
  class More extends Reserve {
    @IsOptional() @IsInt() priority?: number;
  }
  class MoreReserved extends Reserved {
    @IsOptional() @IsString() shelf?: string;
  }
  const reserve = { payload: More, reply: MoreReserved, refusals: ['out-of-stock'] } as const;
  expect(problems(defineCommand('inventory.reserve', reserve))).toEqual([]);
});

it('new messages break nothing, even a new version beside the old one', () => {
  class Other {
    @IsInt() quantity!: number;
  }
  const second = defineCommand('inventory.reserve', { payload: Other, version: 2 });
  const current = documentOf([...shipped, second, defineCommand('inventory.count', { payload: Other })]);
  expect(breaksBetween(documentOf(shipped), current)).toEqual([]);
});

it('a removed field of an event is reported, because running subscribers must be able to read the event', () => {
  class Low {
    @IsString() sku!: string;
  }
  class LowNow {
    @IsString() sku!: string;
    @IsInt() left!: number;
  }
  const eventsOf = (payload: typeof Low): Readonly<Record<string, unknown>> => {
    const low = defineEvent('inventory.stock-low', { payload, subject: ({ sku }) => sku });
    return asyncApiOf({ title: 'test', version: '1', description: '', definitions: [], commands: [], events: [low] });
  };
  expect(breaksBetween(eventsOf(LowNow), eventsOf(Low)).map(({ problem }) => problem)).toEqual([
    expect.stringContaining('data.left was removed: a running subscriber would reject what a new inventory may send'),
  ]);
});

describe('the compatibility check of contracts', () => {
  it('reports a new required field of a command, which running orchestrators do not send', () => {
    class More extends Reserve {
      @IsInt() quantity!: number;
    }
    const reserve = { payload: More, reply: Reserved, refusals: ['out-of-stock'] } as const;
    expect(problems(defineCommand('inventory.reserve', reserve))).toEqual([
      'inventory.reserve.v1: data.quantity became required: a new inventory would reject what a running orchestrator ' +
        'sends. Leave it optional, or define a new version of the message (version: 2) beside this one.',
    ]);
  });

  it('reports a new required field of a reply, which running participants do not send', () => {
    class More extends Reserved {
      @IsString() shelf!: string;
    }
    const reserve = { payload: Reserve, reply: More, refusals: ['out-of-stock'] } as const;
    expect(problems(defineCommand('inventory.reserve', reserve))).toEqual([
      expect.stringContaining(
        'inventory.reserve.reply.v1.success: data.shelf became required: a new orchestrator would reject what a ' +
          'running inventory sends.',
      ),
    ]);
  });

  it('reports a reply without a field that running orchestrators need', () => {
    class Less {
      @IsOptional() @IsString() shelf?: string;
    }
    const reserve = { payload: Reserve, reply: Less, refusals: ['out-of-stock'] } as const;
    expect(problems(defineCommand('inventory.reserve', reserve))).toEqual([
      expect.stringContaining('data.reservationId was removed: a running orchestrator would reject'),
    ]);
  });

  it('reports a new refusal reason, which running orchestrators do not know', () => {
    const reserve = { payload: Reserve, reply: Reserved, refusals: ['out-of-stock', 'recalled'] } as const;
    expect(problems(defineCommand('inventory.reserve', reserve))).toEqual([
      expect.stringContaining(
        'data.reason gained the value recalled: a running orchestrator would reject what a new inventory may send',
      ),
    ]);
  });

  it('reports the removal of a refusal reason that running participants use', () => {
    const reserve = { payload: Reserve, reply: Reserved, refusals: ['recalled'] } as const;
    expect(problems(defineCommand('inventory.reserve', reserve))).toContainEqual(
      expect.stringContaining('data.reason lost the value out-of-stock: a new orchestrator would reject'),
    );
  });

  it('reports the first refusal reason of a command that could not be refused', () => {
    const release = defineCommand('inventory.release', { payload: Reserve, refusals: ['too-late'] });
    const [found] = breaksBetween(documentOf(shipped), documentOf([shipped[0]!, release]));
    expect(found).toMatchObject({
      message: 'inventory.release.reply.v1.refusal',
      problem: expect.stringContaining('a new reply to inventory.release.v1'),
    });
  });

  it('reports the removal of a message that running services send', () => {
    const found = breaksBetween(documentOf(shipped), documentOf([shipped[0]!])).map(({ problem }) => problem);
    expect(found).toContain(
      'inventory.release.v1 is gone, and a running orchestrator may still send it. Keep it until no service sends it.',
    );
  });
});
