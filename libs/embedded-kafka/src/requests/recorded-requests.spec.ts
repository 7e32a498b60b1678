import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { Broker } from '../broker';
import { ManualClock } from '../../test/manual-clock';
import { toBrokerSettings } from '../settings';
import { nonWaitingOrigin } from '../../test/ask-broker';
import { recordedRequests } from '../../test/recorded-requests';
import { MalformedRequestError } from '../wire/malformed-request-error';
import { answerRequest } from './api-table';
import { KafkaRequest } from './kafka-request';

const apiVersions = 'ApiVersions';
const frames = Object.entries(recordedRequests).map(([name, hex]) => [name, Buffer.from(hex, 'hex')] as const);

describe('the requests that clients sent', () => {
  let directory: string;
  let broker: Broker;
  let failures: unknown[];
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'recorded-requests-'));
    const settings = toBrokerSettings({ directory, onError: (error) => failures.push(error), partitionsMax: 50 });
    broker = new Broker(settings, 'cluster', new ManualClock());
    broker.catalog.create('t', 2, {});
    failures = [];
  });
  afterEach(async () => {
    await new Promise(setImmediate);
    broker.close();
    rmSync(directory, { recursive: true });
    expect(failures).toEqual([]);
  });

  it.each(frames.filter(([name]) => !name.startsWith(apiVersions)))(
    'reads the recorded request to the last byte: %s',
    async (name, frame) => {
      const request = new KafkaRequest(Buffer.from(frame), nonWaitingOrigin);
      const outcome = await answerRequest(request, broker);
      // The end of the request itself, which may have tagged fields.
      request.body.tags();
      expect(request.body.remainingBytes).toBe(0);
      // A producer may want no response.
      if (!name.startsWith('Produce')) expect(outcome!.finish().length).toBeGreaterThan(0);
    },
  );

  /** A frame with some bytes replaced, a piece removed, or a piece of another frame inserted. */
  const damaged = fc
    .record({
      frame: fc.constantFrom(...frames.map(([, bytes]) => bytes)),
      other: fc.constantFrom(...frames.map(([, bytes]) => bytes)),
      at: fc.nat(600),
      length: fc.nat(12),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 5 }),
      kind: fc.constantFrom('replace', 'cut', 'splice'),
    })
    .map(({ frame, other, at, length, bytes, kind }) => {
      // The header's first fields stay, so that the request keeps its type.
      const from = 4 + (at % (frame.length - 4));
      const piece = { replace: Buffer.from(bytes), cut: Buffer.alloc(0), splice: other.subarray(from, from + length) };
      const skipped = kind === 'replace' ? bytes.length : length;
      return Buffer.concat([frame.subarray(0, from), piece[kind], frame.subarray(from + skipped)]);
    });

  async function answer(frame: Buffer): Promise<void> {
    try {
      const outcome = await answerRequest(new KafkaRequest(frame, nonWaitingOrigin), broker);
      outcome?.finish();
    } catch (error) {
      if (!(error instanceof MalformedRequestError)) failures.push(error);
    }
  }

  it('answers or rejects damaged requests without failing or harming others', async () => {
    const waiting: Promise<void>[] = [];
    fc.assert(
      fc.property(damaged, (frame) => {
        waiting.push(answer(frame));
      }),
      { numRuns: 3000 },
    );
    const lists = frames.filter(([name]) =>
      /^(ListGroups|Metadata|OffsetFetch|DescribeGroups|DescribeConfigs)/.test(name),
    );
    for (const [, frame] of lists) {
      const outcome = await answerRequest(new KafkaRequest(Buffer.from(frame), nonWaitingOrigin), broker);
      expect(outcome!.finish().length).toBeGreaterThan(0);
    }
    // Ends requests that wait for other members.
    broker.groups.close();
    await Promise.all(waiting);
  });
});
