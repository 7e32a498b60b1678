import type { Socket } from 'node:net';
import type { Broker } from '../broker';
import type { Group } from '../groups/group';
import { answerRequest } from '../requests/api-table';
import { KafkaRequest } from '../requests/kafka-request';
import type { RequestOutcome, RequestOrigin } from '../requests/kafka-request';
import { FrameSplitter } from '../wire/frame-splitter';
import { MalformedRequestError } from '../wire/malformed-request-error';
import type { WireWriter } from '../wire/wire-writer';
import { ConnectionDeadlines } from './connection-deadlines';
import type { ConnectionMemory, MemoryHolder } from './connection-memory';

/** Reading pauses while a client has this many bytes of unanswered requests. */
const mostQueued = 100;
const mostQueuedBytes = 1024 * 1024;

/** Only produce requests may be large. Others list names, and handling very many names costs more than their bytes. */
const mostBytesWithoutRecords = 4 * 1024 * 1024;
const produceKey = 0;

/**
 * One client's connection. Requests are handled one after the other, so responses leave in the order of the requests; a
 * waiting request blocks only its own connection. A failure closes this connection and nothing else.
 */
export class Connection implements RequestOrigin, MemoryHolder {
  readonly host: string;
  /** Whether it has sent a whole request. */
  hasSentRequest = false;
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
    const isAnswering = (): boolean => this.isWorking && !this.isDraining;
    this.deadlines = new ConnectionDeadlines(broker.clock, broker.settings, isAnswering, () => this.destroy());
    socket.on('data', (chunk) => this.receive(chunk));
    // A reset is not reported: the close event that follows cleans up.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.onClosed());
  }

  /** When the client last sent something; undefined while one of its requests waits. */
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
   * Ends the long poll of a client whose group rebalances. Clients fetch and heartbeat on different connections, so the
   * client is identified by its id; an early response to another client with the same id does no harm.
   */
  onRebalance(group: Group): void {
    if (this.cutParked && group.isAwaiting(this.clientId)) this.cutParked();
  }

  /** Answers a request that waits for messages with those available now. */
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
    // The client has sent another request: heartbeats and commits do not queue behind a long poll.
    this.cutLongPoll();
    if (!this.isWorking) void this.work();
  }

  private enqueue(frames: readonly Buffer[]): void {
    if (frames.length > 0 || this.frames.heldBytes === 0) this.deadlines.expectNothing();
    if (this.frames.heldBytes > 0) this.deadlines.expectArrival();
    for (const frame of frames) {
      this.queue.push(frame);
      this.queuedBytes += frame.length;
      this.hasSentRequest = true;
    }
  }

  private async work(): Promise<void> {
    this.isWorking = true;
    try {
      while (this.queue.length > 0 && !this.socket.destroyed) {
        const outcome = this.handle(this.dequeue());
        // Most responses are synchronous; they do not wait for the event loop.
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

  private handle(frame: Buffer): RequestOutcome | Promise<RequestOutcome> {
    const request = new KafkaRequest(frame, this);
    this.clientId = request.clientId;
    if (frame.length > mostBytesWithoutRecords && request.apiKey !== produceKey) {
      throw new MalformedRequestError(`A request of ${frame.length} bytes is too large for API ${request.apiKey}.`);
    }
    return answerRequest(request, this.broker);
  }

  /** All responses of one event loop iteration leave in one write. */
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
    // A malformed request is the client's fault and is not reported; any other error is the broker's.
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
