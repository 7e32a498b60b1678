import { IsInt, IsOptional, IsString } from 'class-validator';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineCommand, type CommandContract } from '../contract';
import { constant, defineSaga, type SagaDefinition } from '../definition';
import { fingerprint } from '../definition/fingerprint';
import { differences, expectAsShipped } from './shipped-definitions';

class Parcel {
  @IsString() parcelId!: string;
}
class HeavyParcel {
  @IsString() parcelId!: string;
  @IsOptional() @IsInt() grams?: number;
}
const send = defineCommand('post.send', { payload: Parcel });

const definition = (version = 1, command: CommandContract = send, timeout: '5s' | '6s' = '5s'): SagaDefinition =>
  defineSaga({ name: 'send-parcel', version, input: Parcel })
    .pivot('parcel', {
      invoke: command,
      payload: ({ input }) => ({ parcelId: input.parcelId }),
      timeout,
      retry: { backoff: constant('1s') },
    })
    .build();

const FILE = 'send-parcel.v1.txt';
const shipped = new Map([[FILE, fingerprint(definition())]]);

describe('shipped definitions', () => {
  it('have no differences while they are unchanged', () => {
    expect(differences([definition()], shipped)).toEqual([]);
  });

  it('are reported with the changed line, and with what to do instead', () => {
    const [problem = ''] = differences([definition(1, send, '6s')], shipped);
    expect(problem).toContain('send-parcel v1 was shipped; add version 2 instead');
    expect(problem.split('\n').filter((line) => /^[-+] /.test(line))).toEqual([
      '-          timeoutMs: 5000',
      '+          timeoutMs: 6000',
    ]);
  });

  it('are reported when a contract of theirs was changed', () => {
    const heavier = defineCommand('post.send', { payload: HeavyParcel });
    const [problem = ''] = differences([definition(1, heavier)], shipped);
    expect(problem).toContain('give the command a new version');
    expect(problem).toContain('+                grams:');
  });

  it('are reported when a version has no file', () => {
    const problems = differences([definition(1), definition(2)], shipped);
    expect(problems).toEqual([expect.stringContaining('send-parcel v2 has no file send-parcel.v2.txt')]);
  });

  it('are reported when a file has no definition', () => {
    expect(differences([], shipped)).toEqual([expect.stringContaining(`${FILE} was shipped, but its definition`)]);
  });
});

describe('shipped definitions in a run with coverage', () => {
  /** Transforms this function as istanbul does, with counters. */
  const counted = (counters: object, id: string): ((scope: never) => object) => {
    const source = `({ input }) => { cov_${id}().f[0]++; cov_${id}().s[1]++; return { parcelId: input.parcelId }; }`;
    // oxlint-disable-next-line typescript/no-implied-eval -- what a coverage tool does to the code of a test
    return new Function(`cov_${id}`, `return ${source};`)(() => counters) as (scope: never) => object;
  };

  function instrumented(original: SagaDefinition): SagaDefinition {
    const payload = counted({ f: [0], s: [0, 0] }, '2k8xq1b0pz');
    const stages = original.stages.map(({ steps }) => ({
      steps: steps.map((step) => ({ ...step, action: step.action && { ...step.action, payload } })),
    }));
    return { ...original, stages };
  }

  it('have no differences when the coverage tool has rewritten their functions', () => {
    const [step] = instrumented(definition()).stages[0]?.steps ?? [];
    expect(step?.action?.payload({ input: { parcelId: 'p' } } as never)).toEqual({ parcelId: 'p' });
    expect(differences([instrumented(definition())], shipped)).toEqual([]);
  });

  it('are still reported when a timeout or a contract was changed', () => {
    const [slower = ''] = differences([instrumented(definition(1, send, '6s'))], shipped);
    expect(slower.split('\n').filter((line) => /^[-+] /.test(line))).toEqual([
      '-          timeoutMs: 5000',
      '+          timeoutMs: 6000',
    ]);
    const heavier = defineCommand('post.send', { payload: HeavyParcel });
    expect(differences([instrumented(definition(1, heavier))], shipped)).toEqual([expect.stringContaining('grams:')]);
  });

  it('are not written, because the files would contain the counters', () => {
    const directory = mkdtempSync(join(tmpdir(), 'palinode-shipped-'));
    process.env['WRITE_DEFINITIONS'] = '1';
    try {
      expect(() => expectAsShipped([instrumented(definition())], directory)).toThrow(
        'cannot be written in a run with coverage',
      );
      expect(readdirSync(directory)).toEqual([]);
    } finally {
      delete process.env['WRITE_DEFINITIONS'];
      rmSync(directory, { recursive: true, force: true });
    }
  });
});

describe('the files of shipped definitions', () => {
  let directory: string;

  beforeEach(() => {
    delete process.env['WRITE_DEFINITIONS'];
    directory = mkdtempSync(join(tmpdir(), 'palinode-shipped-'));
  });

  afterEach(() => {
    delete process.env['WRITE_DEFINITIONS'];
    rmSync(directory, { recursive: true, force: true });
  });

  it('are written on request, and then compared', () => {
    expect(() => expectAsShipped([definition()], directory)).toThrow(/has no file/);
    process.env['WRITE_DEFINITIONS'] = '1';
    expectAsShipped([definition()], directory);
    delete process.env['WRITE_DEFINITIONS'];
    expectAsShipped([definition()], directory);
    expect(readdirSync(directory)).toEqual([FILE]);
  });

  it('are requested on the first run, when there is no directory yet', () => {
    const missing = join(directory, 'shipped');
    expect(() => expectAsShipped([definition()], missing)).toThrow('run this test with WRITE_DEFINITIONS=1');
    process.env['WRITE_DEFINITIONS'] = '1';
    expectAsShipped([definition()], missing);
    expect(readdirSync(missing)).toEqual([FILE]);
  });

  it('are never overwritten', () => {
    writeFileSync(join(directory, FILE), 'name: send-parcel\n');
    process.env['WRITE_DEFINITIONS'] = '1';
    expect(() => expectAsShipped([definition()], directory)).toThrow(/was shipped; add version 2/);
    expect(readFileSync(join(directory, FILE), 'utf8')).toBe('name: send-parcel\n');
  });
});
