import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { Spectral } from '@stoplight/spectral-core';
import { oas } from '@stoplight/spectral-rulesets';
import { AdminUnderTest } from '../../test/admin-under-test';
import { placeOrder } from '../../test/sample-saga';

type Schema = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];

/** Data whose schema only the sagas' contracts know. */
const ANY_OBJECT = [
  'BulkActionRequest.reply',
  'SagaDetail.input',
  'HistoryView.event',
  'StepView.reply',
  'StandingView.fault',
  'StepView.objection',
  'ResolveRequest.reply',
  'OperatorActionView.reply',
  'OperatorActionView.payload',
  'ReadyActionView.body',
  'RecordedCommandView.payload',
  'RecordedEntryView.event',
];

let admin: AdminUnderTest;
let document: OpenAPIObject;

beforeAll(async () => {
  admin = await AdminUnderTest.start([placeOrder]);
  document = SwaggerModule.createDocument(admin.app, new DocumentBuilder().setTitle('Admin').setVersion('1').build());
});

afterAll(() => admin?.stop());

it('the description of the admin API follows the rules of OpenAPI', async () => {
  const spectral = new Spectral();
  // Servers and licence are the service's to add, and a summary may be enough for a route.
  const off = ['info-description', 'oas3-api-servers', 'operation-tag-defined', 'operation-description'];
  spectral.setRuleset({
    extends: [oas as never],
    rules: Object.fromEntries(off.map((rule) => [rule, 'off' as const])),
  });
  const found = await spectral.run(JSON.parse(JSON.stringify(document)) as Record<string, unknown>);
  expect(found.map(({ code, path, message }) => `${code} ${path.join('.')}: ${message}`)).toEqual([]);
});

it('the description of the admin API names the type of every field', () => {
  const schemas = Object.entries(document.components?.schemas ?? {}) as [string, { properties?: object } & Schema][];
  const vague = schemas.flatMap(([name, { properties = {} }]) =>
    Object.entries(properties)
      .filter(([, schema]) => (schema as { type?: string }).type === 'object')
      .map(([property]) => `${name}.${property}`),
  );
  expect(vague.toSorted()).toEqual(ANY_OBJECT.toSorted());
});

it('the description of the admin API documents the response of every route to parameters that are not valid', () => {
  const routes = Object.entries(document.paths).flatMap(([path, { get, post, delete: remove }]) =>
    [get, post, remove].flatMap((route) =>
      route?.parameters?.length ? [{ path, statuses: Object.keys(route.responses) }] : [],
    ),
  );
  expect(routes.length).toBeGreaterThanOrEqual(11);
  expect(routes.filter(({ statuses }) => !statuses.some((status) => status === '400' || status === '422'))).toEqual([]);
});
