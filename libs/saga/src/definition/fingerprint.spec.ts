import { IsIn, IsInt, IsString, Matches, Min, ValidateNested } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { Type } from 'class-transformer';
import { confirmOrder, Order, placeOrder } from '../../test/sample-saga';
import { defineSaga } from './builder';
import { canonicalText } from './canonical-text';
import { fingerprint } from './fingerprint';
import type { SagaOptions } from './step-options';

describe('the fingerprint of a definition', () => {
  it('is the same each time', () => {
    expect(fingerprint(placeOrder)).toBe(fingerprint({ ...placeOrder }));
  });

  it.each([
    ['the name', 'name: place-order'],
    ['the deadline', 'deadlineMs: 900000'],
    ['the kind of a step', 'kind: pivot'],
    ['a timeout', 'timeoutMs: 5000'],
    ['a backoff', 'capMs: 4000'],
    ['refusals', 'refusals: [out-of-stock]'],
    ['the schema of a reply', 'required: [reservationId]'],
    ['a mapper', 'payload: ({ payment })=>({ authorizationId: payment.authorizationId })'],
  ])('includes %s', (_what, line) => {
    expect(fingerprint(placeOrder)).toContain(line);
  });

  it('leaves out search attributes, which decide nothing', () => {
    expect(fingerprint({ ...placeOrder, attributes: () => ({ sku: 'cup' }) })).toBe(fingerprint(placeOrder));
  });

  it('includes the defaults where they apply, as if each step said so', () => {
    const payload = ({ input }: { input: Order }): Order => ({ orderId: input.orderId });
    const asking = (defaults: SagaOptions<Order>['defaults'], timeout?: '9s'): string => {
      const options = { name: 'buy', version: 1, input: Order, ...(defaults ? { defaults } : {}) };
      const step = { invoke: confirmOrder, payload, ...(timeout ? { timeout } : {}) };
      return fingerprint(defineSaga(options).retriable('confirm', step).build());
    };
    expect(asking({ timeout: '9s' })).toBe(asking(undefined, '9s'));
    expect(asking({ timeout: '8s' }, '9s')).toBe(asking(undefined, '9s'));
    expect(asking({ timeout: '8s' })).not.toBe(asking({ timeout: '9s' }));
    expect(asking({ timeout: '5s' })).toBe(asking(undefined));
  });

  it('lists the steps of a stage in their order', () => {
    const names = fingerprint(placeOrder).match(/- name: \w+/g);
    expect(names).toEqual(
      ['order', 'stock', 'payment', 'capture', 'confirm', 'commit'].map((name) => `- name: ${name}`),
    );
  });
});

describe('canonical text', () => {
  it('puts names first and the rest in alphabetical order, and omits undefined values', () => {
    const text = canonicalText({ zeal: 1, kind: 'k', alpha: undefined, beta: [], name: 'n', list: [1, 'b'] });
    expect(text).toBe('name: n\nkind: k\nbeta: []\nlist: [1, b]\nzeal: 1\n');
  });

  it('nests lists of objects', () => {
    expect(canonicalText({ steps: [{ name: 'a', deep: { x: null } }, {}] })).toBe(
      'steps:\n  - name: a\n    deep:\n      x: null\n  - {}\n',
    );
  });

  it('quotes text that could be confused with other lines', () => {
    expect(canonicalText({ a: '', b: 'two\nlines', c: '- item', d: 'plain: text' })).toBe(
      'a: ""\nb: "two\\nlines"\nc: "- item"\nd: plain: text\n',
    );
  });

  it('ignores how a function is formatted and commented', () => {
    const spread = (
      scope: { a: string }, // what it sees
    ): { b: string } => ({
      /* nothing
         more */
      b: `${scope.a}  //  kept`,
    });
    expect(canonicalText({ spread })).toBe('spread: (scope)=>({ b: `${scope.a}  //  kept` })\n');
  });

  it('distinguishes different functions', () => {
    const one = (n: number): number => n + 1;
    const two = (n: number): number => n + 2;
    expect(canonicalText({ map: one })).not.toBe(canonicalText({ map: two }));
  });

  it('rejects a function without source', () => {
    expect(() => canonicalText({ map: Math.abs })).toThrow(
      'A bound or built-in function has no source to compare; write a function of its own.',
    );
  });

  it('describes a class by its schema, regardless of the order of its fields', () => {
    class Inner {
      @IsIn(['b', 'a']) either!: string;
    }
    const one = (): object => {
      class Outer {
        @IsString() a!: string;
        @IsInt() @Min(2) b!: number;
        @ValidateNested() @Type(() => Inner) inner!: Inner;
      }
      return Outer;
    };
    const other = (): object => {
      class Renamed {
        @ValidateNested() @Type(() => Inner) inner!: Inner;
        @IsInt() @Min(2) b!: number;
        @IsString() a!: string;
      }
      return Renamed;
    };
    expect(canonicalText({ input: one() })).toBe(canonicalText({ input: other() }));
    expect(canonicalText({ input: one() })).toContain('minimum: 2');
    expect(canonicalText({ input: one() })).toContain('enum: [b, a]');
  });

  it('ignores the documentation of a field, whatever the field is called', () => {
    class Bare {
      @IsString() title!: string;
      @IsString() examples!: string;
    }
    class Told {
      @IsString() @JSONSchema({ description: 'of the book', examples: ['Emma'] }) title!: string;
      @IsString() examples!: string;
    }
    expect(canonicalText({ input: Told })).toBe(canonicalText({ input: Bare }));
    expect(canonicalText({ input: Bare })).toMatch(/examples:\n.*type: string/);
  });

  it('detects a changed rule', () => {
    class One {
      @Matches(/^a$/) a!: string;
    }
    class Two {
      @Matches(/^b$/) a!: string;
    }
    expect(canonicalText({ input: One })).not.toBe(canonicalText({ input: Two }));
  });
});
