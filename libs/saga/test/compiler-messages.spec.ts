/* The compiler's messages for frequent mistakes: the first line names the step or the handler, and the remedy. */
import { join } from 'node:path';
import { repositoryRoot } from '@palinode/test-support/repository';
import * as typescript6 from 'typescript';
import * as typescript5 from 'typescript-5.9';

const FILE = join(repositoryRoot, 'libs/saga/src/testing/mistakes-in-a-test.ts');

const PREAMBLE = `
import { IsBoolean, IsInt, IsOptional, IsString } from 'class-validator';
import type { EntityManager } from 'typeorm';
import { defineCommand, defineEvent, defineSignal, defineStart, refuse } from '../contract';
import { defineSaga } from '../definition';
import { Events, HandleCommand, Sagas } from '../participant';
import { HandleEvent } from '../subscriber';
import { sagaTest } from './saga-test';
class Order { @IsString() orderId!: string; @IsInt() amountCents!: number; }
class OfOrder { @IsString() orderId!: string; }
class Charge { @IsString() orderId!: string; @IsInt() amountCents!: number; @IsOptional() @IsString() couponCode?: string; }
class Charged { @IsString() paymentId!: string; }
class Consent { @IsBoolean() given!: boolean; }
const charge = defineCommand('card.charge', { payload: Charge, reply: Charged, refusals: ['card-declined'] });
const refund = defineCommand('card.refund', { payload: OfOrder });
const confirm = defineCommand('order.confirm', { payload: OfOrder });
const consent = defineSignal('consent', { payload: Consent });
const paid = defineEvent('card.paid', { payload: Charged, subject: ({ paymentId }) => paymentId });
const buy = defineStart('buy', { input: Order, subject: ({ orderId }) => orderId });
const ofOrder = ({ input }: { input: { orderId: string } }): OfOrder => ({ orderId: input.orderId });
const chargeOf = ({ input }: { input: Order }): Charge => ({ ...input });
const charging = { invoke: charge, payload: chargeOf, compensation: { invoke: refund, payload: ofOrder } };
const confirming = { invoke: confirm, payload: ofOrder };
const saga = () => defineSaga({ ...buy, version: 1 });
const reversible = saga().compensatable('pay', charging).build();
const final = saga().retriable('confirm', confirming).build();
declare const sagas: Sagas, events: Events, tx: EntityManager;
`;

interface Mistake {
  readonly name: string;
  readonly code: string;
  /** What the first line of the compiler's message contains. */
  readonly reported: string;
}

const mistakes: readonly Mistake[] = [
  {
    name: 'a step name twice',
    code: `saga().compensatable('pay', charging).pivot('pay', confirming);`,
    reported: `Argument of type '"pay"' is not assignable to parameter of type 'SagaTypeError<"The step pay exists already: give one of the two another name">'.`,
  },
  {
    name: 'a step name twice, in a parallel stage',
    code: `saga().compensatable('pay', charging).parallel((branch) => ({ pay: branch.compensatable(charging) }));`,
    reported: `"The step pay exists already: give one of the two another name"`,
  },
  {
    name: 'a step with the name of another value of the scope',
    code: `saga().compensatable('input', charging);`,
    reported: `SagaTypeError<"Mappers receive another value as input: give the step another name">'.`,
  },
  {
    name: 'a branch with the name of another value of the scope',
    code: `saga().parallel((branch) => ({ input: branch.compensatable(charging) }));`,
    reported: `"Mappers receive another value as input: give the step another name"`,
  },
  {
    name: 'a missing compensation',
    code: `saga().compensatable('pay', { invoke: charge, payload: ({ input }) => ({ ...input }) });`,
    reported: `SagaTypeError<"The step pay has no compensation: add one, or make it the pivot">'.`,
  },
  {
    name: 'a missing compensation, in a parallel stage',
    code: `saga().parallel((branch) => ({ pay: branch.compensatable({ invoke: charge, payload: chargeOf }) }));`,
    reported: `SagaTypeError<"This branch has no compensation: add one, or make it the pivot">'.`,
  },
  {
    name: 'a reply read too early',
    code: `saga().compensatable('pay', charging).pivot('confirm', { invoke: confirm, payload: ({ pack }) => ({ orderId: pack.id }) });`,
    reported: `Property 'pack' does not exist on type 'MapperInput<"The step confirm reads only the input and the replies of earlier steps", Order> & Readonly<Record<"pay", Charged>>'.`,
  },
  {
    name: 'the reply of a sibling in a parallel stage',
    code: `saga().parallel((branch) => ({ pay: branch.compensatable(charging), two: branch.compensatable({ ...charging, payload: ({ pay }) => pay }) }));`,
    reported: `Property 'pay' does not exist on type 'MapperInput<"A branch reads only the input and the replies of earlier steps", Order> & Readonly<{}>'.`,
  },
  {
    name: 'a condition on a later step',
    code: `saga().when(({ pay }) => pay !== undefined, (some) => some.compensatable('pay', charging));`,
    reported: `Property 'pay' does not exist on type 'MapperInput<"A condition reads only the input and the replies of earlier steps", Order> & Readonly<{}>'.`,
  },
  {
    name: 'a compensation that reads what it cannot know',
    code: `saga().compensatable('pay', { ...charging, compensation: { invoke: refund, payload: ({ pay }) => ({ orderId: pay.paymentId }) } });`,
    reported: `Property 'pay' does not exist on type 'CompensationInput<"The compensation of the step pay reads its reply as reply, which is undefined if it never arrived", Charged>`,
  },
  {
    name: 'a compensation that needs the reply',
    code: `saga().compensatable('pay', { ...charging, compensation: { invoke: refund, payload: ({ reply }) => ({ orderId: reply.paymentId }) } });`,
    reported: `'reply' is possibly 'undefined'.`,
  },
  {
    name: 'the reply of a step that runs under a condition',
    code: `saga().when(() => true, (some) => some.compensatable('pay', charging)).pivot('confirm', { invoke: confirm, payload: ({ pay }) => ({ orderId: pay.paymentId }) });`,
    reported: `'pay' is possibly 'undefined'.`,
  },
  {
    name: 'a missing field of a payload',
    code: `saga().pivot('pay', { invoke: charge, payload: ({ input }) => ({ orderId: input.orderId }) });`,
    reported: `Property 'amountCents' is missing in type '{ orderId: string; }' but required in type 'Charge'.`,
  },
  {
    name: 'a misspelled optional field of a payload',
    code: `saga().pivot('pay', { invoke: charge, payload: ({ input }) => ({ ...input, cuponCode: 'x' }) });`,
    reported: `"The contract has no field cuponCode: remove it, or correct its name"`,
  },
  {
    name: 'a retriable step that may be refused',
    code: `saga().retriable('pay', { invoke: charge, payload: chargeOf });`,
    reported: `Type 'CommandContract<Charge, Charged, "card-declined">' is not assignable to type 'SagaTypeError<"The step pay must succeed in the end, but its command may be refused: use a command without refusals">'.`,
  },
  {
    name: 'a compensation that may be refused',
    code: `saga().compensatable('pay', { invoke: charge, payload: chargeOf, compensation: { invoke: charge, payload: chargeOf } });`,
    reported: `SagaTypeError<"The compensation of the step pay must succeed in the end, but its command may be refused: use a command without refusals">'.`,
  },
  {
    name: 'a compensatable step after the pivot',
    code: `saga().pivot('confirm', confirming).compensatable('pay', charging);`,
    reported: `Property 'compensatable' does not exist on type 'AfterPivot<Order, Record<"confirm", undefined>, "confirm">'.`,
  },
  {
    name: 'a child before the pivot that cannot be compensated',
    code: `saga().child('confirming', { saga: final, input: ({ input }) => input });`,
    reported: `SagaTypeError<"The child confirming cannot be compensated, since its saga has a pivot or retriable steps: run it after the pivot">'.`,
  },
  {
    name: 'a wrong input of a child',
    code: `saga().child('paying', { saga: reversible, input: ({ input }) => ({ orderId: input.orderId }) });`,
    reported: `Property 'amountCents' is missing in type '{ orderId: string; }' but required in type 'Order'.`,
  },
  {
    name: 'a wrong payload of a signal',
    code: `void sagas.signal(tx, 'id', consent, { given: 'yes' });`,
    reported: `Type 'string' is not assignable to type 'boolean'.`,
  },
  {
    name: 'a wrong payload of an event',
    code: `void events.publish(tx, paid, { id: 'p' });`,
    reported: `Object literal may only specify known properties, and 'id' does not exist in type 'Charged'.`,
  },
  {
    name: 'the name of an event in place of the event',
    code: `void events.publish(tx, 'card.paid', { paymentId: 'p' });`,
    reported: `Argument of type 'string' is not assignable to parameter of type 'EventContract<object>'.`,
  },
  {
    name: 'a test that refuses for an undeclared reason',
    code: `sagaTest(final).start({ orderId: 'o', amountCents: 1 }).refuse(charge, 'closed');`,
    reported: `Argument of type '"closed"' is not assignable to parameter of type '"card-declined"'.`,
  },
  {
    name: 'a test that refuses a command without refusals',
    code: `sagaTest(final).start({ orderId: 'o', amountCents: 1 }).refuse(confirm, 'closed');`,
    reported: `SagaTypeError<"This command declares no refusals: add them to defineCommand">'.`,
  },
  {
    name: 'a handler with a refusal that is not declared',
    code: `class A { @HandleCommand(charge) async pay(command: Charge) { return command.couponCode ? refuse('closed') : { paymentId: 'p' }; } }`,
    reported: `Decorator function return type 'SagaTypeError<"pay refuses for a reason that its command does not declare: add closed to its refusals">' is not assignable to type`,
  },
  {
    name: 'a handler with another reply',
    code: `class B { @HandleCommand(charge) async pay(command: Charge) { return { id: command.orderId }; } }`,
    reported: `SagaTypeError<"pay must return the reply of its command, with paymentId">`,
  },
  {
    name: 'a handler with no reply, where every field of the reply is optional',
    code: `class Note { @IsOptional() @IsString() text?: string; } const note = defineCommand('a.note', { payload: OfOrder, reply: Note }); class C { @HandleCommand(note) async write() {} }`,
    reported: `SagaTypeError<"write must return the reply of its command, with all its fields">`,
  },
  {
    name: 'a handler with a field too many in its reply',
    code: `class D { @HandleCommand(charge) async pay(command: Charge) { return { paymentId: command.orderId, total: 1 }; } }`,
    reported: `SagaTypeError<"pay returns a field that the reply of its command does not have: remove total, or correct its name">`,
  },
  {
    name: 'a handler with a reply that its command does not have',
    code: `class E { @HandleCommand(confirm) async confirm(command: OfOrder) { return command; } }`,
    reported: `SagaTypeError<"confirm must return nothing: its command declares no reply">`,
  },
  {
    name: 'a handler without a promise',
    code: `class F { @HandleCommand(charge) pay(command: Charge) { return { paymentId: command.orderId }; } }`,
    reported: `SagaTypeError<"pay must return a promise: make it async">`,
  },
  {
    name: 'a handler of another payload',
    code: `class G { @HandleCommand(charge) async pay(command: Consent) { return { paymentId: String(command.given) }; } }`,
    reported: `SagaTypeError<"pay must take the payload of its command, then an EntityManager, or a CommandContext with @Ctx()">`,
  },
  {
    name: 'a handler of a command for an event',
    code: `class H { @HandleCommand(paid) async pay(command: Charged) { return command; } }`,
    reported: `Argument of type 'EventContract<Charged>' is not assignable to parameter of type 'CommandContract<`,
  },
  {
    name: 'a handler of an event with another payload',
    code: `class I { @HandleEvent(paid) async note(event: Consent) { void event; } }`,
    reported: `SagaTypeError<"note must take the payload of its event, then an EntityManager">`,
  },
  {
    name: 'a handler of an event that returns something',
    code: `class J { @HandleEvent(paid) async note(event: Charged) { return event; } }`,
    reported: `SagaTypeError<"note must return a promise of nothing: make it async, and return no value">`,
  },
];

/** The first lines of the messages about each mistake. */
function messages(ts: typeof typescript6): readonly (readonly string[])[] {
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
  const found = program.getSemanticDiagnostics(source).map(({ start = 0, messageText }) => ({
    line: source?.getLineAndCharacterOfPosition(start).line ?? 0,
    message: ts.flattenDiagnosticMessageText(messageText, '\n').split('\n')[0] ?? '',
  }));
  const before = PREAMBLE.split('\n').length - 1;
  expect(found.filter(({ line }) => line < before)).toEqual([]);
  return mistakes.map((_, index) =>
    found.filter(({ line }) => line === before + index).map(({ message }) => message.trim()),
  );
}

describe.each([
  { version: typescript6.version, ts: typescript6 },
  { version: typescript5.version, ts: typescript5 as unknown as typeof typescript6 },
])('the compiler $version', ({ ts }) => {
  let reported: readonly (readonly string[])[];

  beforeAll(() => {
    reported = messages(ts);
  });

  it.each(mistakes.map((mistake, index) => ({ ...mistake, index })))('explains the mistake: $name', (mistake) => {
    expect(reported[mistake.index]).toEqual([expect.stringContaining(mistake.reported)]);
  });
});
