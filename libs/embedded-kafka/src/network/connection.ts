import type { Socket } from 'node:net';
import type { Broker } from '../broker';
import type { Group } from '../groups/group';
import { answerRequest } from '../requests/api-table';
import { KafkaRequest } from '../requests/kafka-request';
import type { Outcome, RequestOrigin } from '../requests/kafka-request';
import { FrameSplitter } from '../wire/frame-splitter';
import { MalformedRequestError } from '../wire/malformed-request-error';
import type { WireWriter } from '../wire/wire-writer';
import { ConnectionDeadlines } from './connection-deadlines';
import type { ConnectionMemory, MemoryHolder } from './connection-memory';

/** A client that sends this much ahead is not read further until some of it is answered. */
const mostQueued = 100;
const mostQueuedBytes = 1024 * 1024;

/** Only produce requests are large. Others name things, and very many names cost more than their bytes. */
const mostBytesWithoutRecords = 4 * 1024 * 1024;
const produceKey = 0;

/**
 * One client's connection. Requests are handled one after the other, so responses leave in the requests' order; a
 * request that waits keeps only its own connection waiting. Any failure ends this connection and nothing else.
 */
export class Connection implements RequestOrigin, MemoryHolder {
  readonly host: string;
  /** Whether it has sent a whole request. */
  hasSpoken = false;
  private clientId = '';
  private readonly queue: Buffer[] = [];
  private queuedBytes = 0;
  private handledBytes = 0;
  private readonly frames: FrameSplitter;
  private readonly deadlines: ConnectionDeadlines;
  private readonly closeListeners = new Set<() => void>();
  private cutParked: (() => void) | undefined;
  private isWorking = false;
  private isDraining = false;
  private isCorked = false;

  constructor(
    private readonly socket: Socket,
    private readonly broker: Broker,
    private readonly memory: ConnectionMemory,
  ) {
    this.host = socket.remoteAddress ?? '';
    this.frames = new FrameSplitter(broker.settings.requestMaxBytes);
    const isOwing = (): boolean => this.isWorking && !this.isDraining;
    this.deadlines = new ConnectionDeadlines(broker.clock, broker.settings, isOwing, () => this.destroy());
    socket.on('data', (chunk) => this.receive(chunk));
    // A reset is nothing to report: the close event that follows cleans up.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.onClosed());
  }

  /** When something was last heard of a connection that waits for nothing; undefined while it does. */
  get idleSinceMs(): number | undefined {
    return this.isWorking && !this.isDraining ? undefined : this.deadlines.lastActiveMs;
  }

  get answerRoomBytes(): number {
    return this.memory.freeBytes;
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
    this.deadlines.active();
    try {
      this.enqueue(this.frames.push(chunk));
    } catch (error) {
      this.fail(error as Error);
      return;
    }
    this.noteMemory();
    if (this.queue.length === 0 || this.socket.destroyed) return;
    if (this.queue.length >= mostQueued || this.queuedBytes >= mostQueuedBytes) {
      this.socket.pause();
      this.deadlines.expectNothing();
    }
    // The client has more to say than to wait: heartbeats and commits do not queue behind a long poll.
    this.cutLongPoll();
    if (!this.isWorking) void this.work();
  }

  private enqueue(frames: readonly Buffer[]): void {
    if (frames.length > 0 || this.frames.heldBytes === 0) this.deadlines.expectNothing();
    if (this.frames.heldBytes > 0) this.deadlines.expectArrival();
    for (const frame of frames) {
      this.queue.push(frame);
      this.queuedBytes += frame.length;
      this.hasSpoken = true;
    }
  }

  private async work(): Promise<void> {
    this.isWorking = true;
    try {
      while (this.queue.length > 0 && !this.socket.destroyed) {
        const outcome = this.handle(this.dequeue());
        // Most answers are there at once; they need not wait a turn.
        const answer = outcome instanceof Promise ? await outcome : outcome;
        if (answer) this.send(answer);
        this.handledBytes = 0;
        this.noteMemory();
        if (this.socket.writableNeedDrain) await this.drained();
        this.readOn();
      }
    } catch (error) {
      this.fail(error as Error);
    } finally {
      this.isWorking = false;
      this.deadlines.active();
    }
  }

  private dequeue(): Buffer {
    const frame = this.queue.shift()!;
    this.queuedBytes -= frame.length;
    this.handledBytes = frame.length;
    return frame;
  }

  private readOn(): void {
    if (!this.socket.isPaused() || this.queue.length >= mostQueued / 2 || this.queuedBytes >= mostQueuedBytes) return;
    if (this.frames.heldBytes > 0) this.deadlines.expectArrival();
    this.socket.resume();
  }

  private noteMemory(): void {
    if (this.socket.destroyed) return;
    const waitingBytes = this.frames.heldBytes + this.queuedBytes + this.handledBytes;
    this.memory.note(this, waitingBytes + this.socket.writableLength);
  }

  private handle(frame: Buffer): Outcome | Promise<Outcome> {
    const request = new KafkaRequest(frame, this);
    this.clientId = request.clientId;
    if (frame.length > mostBytesWithoutRecords && request.apiKey !== produceKey) {
      throw new MalformedRequestError(`A request of ${frame.length} bytes is too large for API ${request.apiKey}.`);
    }
    return answerRequest(request, this.broker);
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
    this.isDraining = true;
    return new Promise((resolve) => {
      const done = (): void => {
        this.isDraining = false;
        this.deadlines.active();
        this.noteMemory();
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
    this.deadlines.close();
    this.memory.forget(this);
    this.cutLongPoll();
    for (const listener of this.closeListeners) listener();
    this.closeListeners.clear();
  }
}
