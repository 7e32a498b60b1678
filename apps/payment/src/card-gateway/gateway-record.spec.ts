import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GatewayRecord } from './fake-card-gateway';

describe('the record of the card gateway', () => {
  const directory = mkdtempSync(join(tmpdir(), 'palinode-gateway-'));
  const file = join(directory, 'acts.jsonl');

  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  it('creates the gateway record at start, and continues it in the next process', () => {
    const first = new GatewayRecord(file);
    expect(readFileSync(file, 'utf8')).toBe('');
    first.add({ act: 'voided', idempotencyKey: 'key-1', orderId: 'order-1' });
    expect(new GatewayRecord(file)).toBeDefined();
    expect(readFileSync(file, 'utf8')).toBe('{"act":"voided","idempotencyKey":"key-1","orderId":"order-1"}\n');
  });
});
