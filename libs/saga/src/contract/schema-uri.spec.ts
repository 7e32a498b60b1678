import { replyType, schemaUri } from './schema-uri';

it('names a schema by the type of its message, version included', () => {
  expect(schemaUri('inventory.reserve-stock.v1')).toBe('urn:palinode:schema:inventory.reserve-stock.v1');
});

it('gives the reply the version of its command, so that a new version may have another reply', () => {
  expect(replyType('inventory.reserve-stock.v2')).toBe('inventory.reserve-stock.reply.v2');
});
