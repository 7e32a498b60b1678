/* The compiler's messages for the most frequent mistakes: a sentence about sagas, as early as possible. */
import { join } from 'node:path';
import { repositoryRoot } from '@palinode/test-support/repository';
import * as ts from 'typescript';

const FILE = join(repositoryRoot, 'libs/saga/src/participant/mistakes-in-a-test.ts');

const PREAMBLE = `
import { IsOptional, IsString } from 'class-validator';
import { defineCommand, refuse } from '../contract';
import { defineSaga } from '../definition';
import { HandleCommand } from './handle-command';
class Order { @IsString() orderId!: string; }
class Charge { @IsString() orderId!: string; @IsOptional() @IsString() couponCode?: string; }
class Charged { @IsString() paymentId!: string; }
const charge = defineCommand('card.charge', { payload: Charge, reply: Charged, refusals: ['card-declined'] });
const refund = defineCommand('card.refund', { payload: Order });
const orderOf = ({ input }: { input: Order }): Order => ({ orderId: input.orderId });
const saga = () => defineSaga({ name: 'buy', version: 1, input: Order });
`;

interface Mistake {
  readonly name: string;
  readonly code: string;
  readonly reported: string;
}

const mistakes: readonly Mistake[] = [
  {
    name: 'a misspelled optional field',
    code: `saga().pivot('pay', { invoke: charge, payload: ({ input }) => ({ ...orderOf({ input }), cuponCode: 'x' }) });`,
    reported: `Type 'string' is not assignable to type 'string & TheContractHasNoField<"cuponCode">'.`,
  },
  {
    name: 'a retriable step that may be refused',
    code: `saga().retriable('pay', { invoke: charge, payload: orderOf });`,
    reported: `"This step must succeed in the end, but its command may be refused: card-declined"`,
  },
  {
    name: 'a compensation that may be refused',
    code: `saga().compensatable('pay', { invoke: charge, payload: orderOf, compensation: { invoke: charge, payload: orderOf } });`,
    reported: `"This step must succeed in the end, but its command may be refused: card-declined"`,
  },
  {
    name: 'a step defined twice',
    code: `saga().pivot('pay', { invoke: charge, payload: orderOf }).retriable('pay', { invoke: refund, payload: orderOf });`,
    reported: `Argument of type '"pay"' is not assignable to parameter of type '"The step pay is defined twice"'.`,
  },
  {
    name: 'a handler with a refusal that is not declared',
    code: `class A { @HandleCommand(charge) async pay(command: Charge) { return command.couponCode ? refuse('closed') : { paymentId: 'p' }; } }`,
    reported: `"The contract does not declare the refusal closed"`,
  },
  {
    name: 'a handler with a field too many in its reply',
    code: `class B { @HandleCommand(charge) async pay(command: Charge) { return { paymentId: command.orderId, total: 1 }; } }`,
    reported: `"The reply of the contract has no field total"`,
  },
  {
    name: 'a handler with another reply',
    code: `class C { @HandleCommand(charge) async pay(command: Charge) { return { id: command.orderId }; } }`,
    reported: `"The handler does not answer with the reply of its contract"`,
  },
  {
    name: 'a handler without a promise',
    code: `class D { @HandleCommand(charge) pay(command: Charge) { return { paymentId: command.orderId }; } }`,
    reported: `"The handler must return a promise"`,
  },
  {
    name: 'a handler of another payload',
    code: `class E { @HandleCommand(charge) async pay(command: { amount: number }) { return { paymentId: String(command.amount) }; } }`,
    reported: `"The handler takes (payload, tx): the payload of its contract, and an EntityManager, or a CommandContext with @Ctx()"`,
  },
];

/**
 * The first line of the compiler's message for each mistake, or the second if the first is the same for all decorators.
 */
function messages(): readonly string[] {
  const config = ts.readConfigFile(join(repositoryRoot, 'tsconfig.json'), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(
    config.config,
    { ...ts.sys, readDirectory: () => [] },
    repositoryRoot,
  );
  const text = PREAMBLE + mistakes.map(({ code }) => code).join('\n');
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, target) => (name === FILE ? ts.createSourceFile(name, text, target) : read(name, target));
  const program = ts.createProgram([FILE], { ...options, noEmit: true, noUnusedLocals: false }, host);
  const source = program.getSourceFile(FILE);
  const found = program.getSemanticDiagnostics(source).map(({ start = 0, messageText }) => {
    const [first = '', second = ''] = ts.flattenDiagnosticMessageText(messageText, '\n').split('\n');
    const line = source?.getLineAndCharacterOfPosition(start).line ?? 0;
    return { line, message: first.startsWith('Unable to resolve signature of method decorator') ? second : first };
  });
  const before = PREAMBLE.split('\n').length - 1;
  return mistakes.map((_, index) =>
    found
      .filter(({ line }) => line === before + index)
      .map(({ message }) => message.trim())
      .join('\n'),
  );
}

describe('the compiler', () => {
  let reported: readonly string[];

  beforeAll(() => {
    reported = messages();
  });

  it.each(mistakes.map((mistake, index) => ({ ...mistake, index })))('explains the mistake: $name', (mistake) => {
    expect(reported[mistake.index]).toContain(mistake.reported);
    expect(reported[mistake.index]).not.toContain('\n');
  });
});
