import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { Broker } from '../broker';
import { requestBody } from '../../test/conformance/request-body';
import { ManualClock } from '../../test/manual-clock';
import { toBrokerSettings } from '../settings';
import { nonWaitingOrigin } from '../../test/ask-broker';
import { MalformedRequestError } from '../wire/malformed-request-error';
import { answerRequest, handlers } from './api-table';
import { KafkaRequest } from './kafka-request';

const apiVersions = { key: 18, minVersion: 0, maxVersion: 4 };
const versions = [...handlers, apiVersions].flatMap(({ key, minVersion, maxVersion }) =>
  Array.from({ length: maxVersion - minVersion + 1 }, (_, at) => [key, minVersion + at] as const),
);

/** Pieces of valid requests, with which random bodies pass more of the parsing than random bytes do. */
const pieces = fc.oneof(
  fc.constantFrom('t', 'g', '', 'constructor', '__proto__', '../t').map((text) => requestBody((w) => w.string(text))),
  fc.constantFrom(-1, 0, 1, 2, 7000, 2 ** 31 - 1).map((value) => requestBody((w) => w.int32(value))),
  fc.constantFrom(-1, 0, 1).map((value) => requestBody((w) => w.int16(value))),
  fc.constantFrom('t', 'g', '').map((text) => Buffer.from([text.length + 1, ...Buffer.from(text)])),
  fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
);

describe('the supported requests', () => {
  let directory: string;
  let broker: Broker;
  let failures: unknown[];
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'api-table-'));
    broker = new Broker(toBrokerSettings({ directory }), 'cluster', new ManualClock());
    broker.catalog.create('t', 2, {});
    failures = [];
  });
  afterEach(async () => {
    await new Promise(setImmediate);
    broker.close();
    rmSync(directory, { recursive: true });
    expect(failures).toEqual([]);
  });

  /** Handles a request as a connection does; whatever it throws must be the client's fault. */
  function handle(apiKey: number, version: number, body: Buffer): void {
    const header = requestBody((writer) => writer.int16(apiKey).int16(version).int32(1).nullableString('fuzz'));
    const request = new KafkaRequest(Buffer.concat([header, body]), nonWaitingOrigin);
    const noteFailure = (error: unknown): void => {
      if (!(error instanceof MalformedRequestError)) failures.push(error);
    };
    try {
      const outcome = answerRequest(request, broker);
      if (outcome instanceof Promise) outcome.then((answer) => answer?.finish()).catch(noteFailure);
      else outcome?.finish();
    } catch (error) {
      noteFailure(error);
    }
  }

  it('are answered or rejected for any bytes, without an internal error', () => {
    fc.assert(
      fc.property(fc.constantFrom(...versions), fc.array(pieces, { maxLength: 14 }), ([apiKey, version], body) =>
        handle(apiKey, version, Buffer.concat(body)),
      ),
      { numRuns: 3000 },
    );
  });

  it('reject topic settings named like properties of every object', () => {
    for (const name of ['constructor', '__proto__', 'toString']) {
      const body = requestBody((writer) => {
        writer.array(['new'], (topic) => {
          writer.string(topic).int32(1).int16(1).int32(0);
          writer.array([name], (config) => writer.string(config).nullableString('1'));
        });
        writer.int32(0).boolean(false);
      });
      handle(19, 2, body);
      expect(broker.catalog.get('new')).toBeUndefined();
    }
  });
});
