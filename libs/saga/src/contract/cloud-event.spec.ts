import { cloudEvent } from './cloud-event';
import type { DomainEvent, Reply } from './envelope';
import { REJECTION_SCHEMA } from './schema-uri';

const at = new Date('2026-11-30T08:00:00Z');
const id = '0190a7d4-0000-7000-8000-000000000000';
const event = { id, type: 'shop.sold.v1', source: '/palinode/shop', subject: 'lamp', data: { item: 'lamp' } };

describe('a CloudEvent', () => {
  it('gets what all messages have alike, and the schema of its type', () => {
    expect(cloudEvent<DomainEvent>(at, event)).toEqual({
      specversion: '1.0',
      id,
      type: 'shop.sold.v1',
      source: '/palinode/shop',
      time: '2026-11-30T08:00:00.000Z',
      subject: 'lamp',
      datacontenttype: 'application/json',
      dataschema: 'urn:palinode:schema:shop.sold.v1',
      data: { item: 'lamp' },
    });
  });

  it('keeps the schema that its attributes name, and the attributes of its kind', () => {
    const of = { sagaid: id, sagastep: 'stock', sagadirection: 'action', inreplyto: id, outcome: 'refusal' } as const;
    const refusal = cloudEvent<Reply>(at, { ...event, ...of, dataschema: REJECTION_SCHEMA });
    expect(refusal).toMatchObject({ ...of, dataschema: 'urn:palinode:schema:objection.v1' });
  });
});
