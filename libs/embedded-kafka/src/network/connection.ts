import type { Socket } from 'node:net';
import type { Broker } from '../broker';
import type { Group } from '../groups/group';
import { handlerOf } from '../requests/api-table';
import { KafkaRequest } from '../requests/kafka-request';
import type { Outcome, RequestOrigin } from '../requests/kafka-request';
import { FrameSplitter } from '../wire/frame-splitter';
import { MalformedRequestError } from '../wire/malformed-request-error';
import type { WireWriter } from '../wire/wire-writer';

/** A client that sends this many requests ahead is not read further until some are answered. */
const mostQueued = 100;

/**
 * One client's connection. Requests are handled one after the other, so responses leave in the requests' order; a
 * request that waits keeps only its own connection waiting. Any failure ends this connection and nothing else.
 */
export class Connection implements RequestOrigin {
  readonly host: string;
  private clientId = '';
  private readonly queue: Buffer[] = [];
  private readonly frames: FrameSplitter;
  private readonly closeListeners = new Set<() => void>();
  private cutParked: (() => void) | undefined;
  private isWorking = false;
  private isCorked = false;

  constructor(
    private readonly socket: Socket,
    private readonly broker: Broker,
  ) {
    this.host = socket.remoteAddress ?? '';
    this.frames = new FrameSplitter(broker.settings.requestMaxBytes);
    socket.on('data', (chunk) => this.receive(chunk));
    // A reset is nothing to report: the close event that follows cleans up.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.onClosed());
  }

  hasNextRequest(): boolean {
    return this.queue.length > 0;
  }

  park(cut: () => void): () => void {
    if (this.socket.destroyed) queueMicrotask(cut);
    this.cutParked = cut;
    return () => {
      this.cutParked = undefined;
    };
  }

  onClose(listener: () => void): () => void {
    if (this.socket.destroyed) queueMicrotask(listener);
    this.closeListeners.add(listener);
    return () => this.closeListeners.delete(listener);
  }

  /**
   * Cuts the long poll of a client that a group asks to join again. Clients fetch and heartbeat on different
   * connections, so it is known by its id only; for another one of the same id an early answer does no harm.
   */
  hearOfRebalance(group: Group): void {
    if (this.cutParked && group.isAwaiting(this.clientId)) this.cutParked();
  }

  /** Lets a request that waits for messages be answered with what there is. */
  private cutLongPoll(): void {
    this.cutParked?.();
  }

  destroy(): void {
    this.socket.destroy();
  }

  private receive(chunk: Buffer): void {
    try {
      this.queue.push(...this.frames.push(chunk));
    } catch (error) {
      this.fail(error as Error);
      return;
    }
    if (this.queue.length === 0) return;
    if (this.queue.length >= mostQueued) this.socket.pause();
    // The client has more to say than to wait: heartbeats and commits do not queue behind a long poll.
    this.cutLongPoll();
    if (!this.isWorking) void this.work();
  }

  private async work(): Promise<void> {
    this.isWorking = true;
    try {
      while (this.queue.length > 0 && !this.socket.destroyed) {
        const outcome = this.handle(this.queue.shift()!);
        // Most answers are there at once; they need not wait a turn.
        const answer = outcome instanceof Promise ? await outcome : outcome;
        if (answer) this.send(answer);
        if (this.socket.writableNeedDrain) await this.drained();
        if (this.socket.isPaused() && this.queue.length < mostQueued / 2) this.socket.resume();
      }
    } catch (error) {
      this.fail(error as Error);
    } finally {
      this.isWorking = false;
    }
  }

  private handle(frame: Buffer): Outcome | Promise<Outcome> {
    const request = new KafkaRequest(frame, this);
    this.clientId = request.clientId;
    return handlerOf(request).handle(request, this.broker);
  }

  /** What is answered within one turn of the event loop leaves in one write. */
  private send(answer: WireWriter): void {
    if (this.socket.destroyed) return;
    if (!this.isCorked) {
      this.isCorked = true;
      this.socket.cork();
      process.nextTick(() => {
        this.isCorked = false;
        this.socket.uncork();
      });
    }
    for (const chunk of answer.finish()) this.socket.write(chunk);
  }

  private drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.socket.off('drain', done);
        this.socket.off('close', done);
        resolve();
      };
      this.socket.once('drain', done);
      this.socket.once('close', done);
    });
  }

  private fail(error: Error): void {
    // What a client sends wrongly is its own affair; anything else is a fault of the broker's and is told.
    if (!(error instanceof MalformedRequestError)) this.broker.settings.onError(error);
    this.socket.destroy();
  }

  private onClosed(): void {
    this.queue.length = 0;
    this.cutLongPoll();
    for (const listener of this.closeListeners) listener();
    this.closeListeners.clear();
  }
}
