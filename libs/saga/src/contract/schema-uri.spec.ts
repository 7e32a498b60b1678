import { replyType, schemaUri } from './schema-uri';

it('a schema is named by the type of its message, version included', () => {
  expect(schemaUri('inventory.reserve-stock.v1')).toBe('urn:palinode:schema:inventory.reserve-stock.v1');
});

it('a reply has the version of its command, so that a new version may have another reply', () => {
  expect(replyType('inventory.reserve-stock.v2')).toBe('inventory.reserve-stock.reply.v2');
});
