import type { Socket } from 'node:net';

export interface Pace {
  /** The latency of each byte. */
  readonly delayMs: number;
  readonly bytesPerSecond: number;
}

/** One direction of a proxied connection: forwards bytes in order, with the present latency and bandwidth. */
export class Flow {
  private readonly underWay: { readonly bytes: Buffer; readonly dueAt: number }[] = [];
  private freeAt = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly to: Socket,
    private readonly pace: () => Pace,
  ) {
    to.on('close', () => clearTimeout(this.timer));
  }

  write(bytes: Buffer): void {
    const { delayMs, bytesPerSecond } = this.pace();
    if (delayMs === 0 && bytesPerSecond === Number.POSITIVE_INFINITY && this.underWay.length === 0)
      return void this.to.write(bytes);
    const now = performance.now();
    this.freeAt = Math.max(this.freeAt, now) + (bytes.length / bytesPerSecond) * 1_000;
    this.underWay.push({ bytes, dueAt: this.freeAt + delayMs });
    this.timer ??= setTimeout(() => this.arrive(), this.freeAt + delayMs - now);
  }

  private arrive(): void {
    this.timer = undefined;
    while (this.underWay[0] && this.underWay[0].dueAt <= performance.now() + 1)
      this.to.write(this.underWay.shift()!.bytes);
    const [next] = this.underWay;
    if (next) this.timer = setTimeout(() => this.arrive(), next.dueAt - performance.now());
  }
}
