import { LiveStream } from './live-stream';

/** A connection as the browser has it, opened and cut by the test. */
class Connection extends EventTarget {
  isClosed = false;

  constructor(readonly url: string) {
    super();
  }

  close(): void {
    this.isClosed = true;
  }

  says(name: string, lastEventId: string): void {
    this.dispatchEvent(new MessageEvent(name, { data: '{}', lastEventId }));
  }

  opens(): void {
    this.dispatchEvent(new Event('open'));
  }

  fails(): void {
    this.dispatchEvent(new Event('error'));
  }
}

describe('LiveStream', () => {
  let connections: Connection[];
  let waits: { readonly ms: number; readonly work: () => void; isCancelled: boolean }[];
  let random: number;
  let stream: LiveStream;
  let leave: () => void;
  let heard: string[];
  const last = (): Connection => connections.at(-1)!;
  const nextAttempt = (): void => waits.at(-1)!.work();

  beforeEach(() => {
    connections = [];
    waits = [];
    heard = [];
    random = 0.5;
    stream = new LiveStream('/v1/stream', {
      connect: (url) => {
        connections.push(new Connection(url));
        return last() as unknown as EventSource;
      },
      random: () => random,
      after: (ms, work) => {
        const wait = { ms, work, isCancelled: false };
        waits.push(wait);
        return () => (wait.isCancelled = true);
      },
    });
    leave = stream.on('reset', ({ name }) => heard.push(name));
  });

  it('waits for a random share of a time that doubles with each failure, up to five seconds', () => {
    for (let failure = 0; failure < 6; failure += 1) {
      last().fails();
      expect(last().isClosed).toBe(true);
      nextAttempt();
    }
    expect(waits.map(({ ms }) => ms)).toEqual([500, 1_000, 2_000, 2_500, 2_500, 2_500]);
    last().opens();
    random = 0.25;
    last().fails();
    expect(waits.at(-1)?.ms).toBe(250);
    expect(stream.state).toBe('lost');
  });

  it('continues after the last event, and says only at first that anything may have changed', () => {
    last().opens();
    expect(heard).toEqual(['reset']);
    last().says('ping', '17');
    last().fails();
    nextAttempt();
    expect(last().url).toBe('/v1/stream?lastEventId=17');
    last().opens();
    expect(heard).toEqual(['reset']);
    expect(stream.state).toBe('live');
  });

  it('connects no more when nothing listens, and begins anew for the next listener', () => {
    last().opens();
    last().says('ping', '17');
    last().fails();
    leave();
    expect(waits.map(({ isCancelled }) => isCancelled)).toEqual([true]);
    stream.on('reset', ({ name }) => heard.push(name));
    expect(connections.map(({ url }) => url)).toEqual(['/v1/stream', '/v1/stream']);
  });
});
