import { Injectable } from '@nestjs/common';

/** Lets requests that are held open hear when something has happened to their order. What it was they read themselves. */
@Injectable()
export class OrderNews {
  private readonly listeners = new Map<string, Set<() => void>>();

  /** Calls the listener for each piece of news until the returned function is called; some come twice. It must not throw. */
  listen(orderId: string, listener: () => void): () => void {
    const together = this.listeners.get(orderId) ?? new Set();
    this.listeners.set(orderId, together.add(listener));
    return () => {
      together.delete(listener);
      if (together.size === 0 && this.listeners.get(orderId) === together) this.listeners.delete(orderId);
    };
  }

  tell(orderIds: readonly string[]): void {
    for (const orderId of orderIds) for (const listener of this.listeners.get(orderId) ?? []) listener();
  }

  /** Something may have happened to any order. */
  tellAll(): void {
    this.tell([...this.listeners.keys()]);
  }
}
