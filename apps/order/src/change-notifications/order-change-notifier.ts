import { Injectable } from '@nestjs/common';

/** Notifies open requests that their order has changed. They read the change themselves. */
@Injectable()
export class OrderChangeNotifier {
  private readonly listeners = new Map<string, Set<() => void>>();

  /**
   * Calls the listener for each change until the returned function is called; possibly twice for one change. It must not
   * throw.
   */
  listen(orderId: string, listener: () => void): () => void {
    const listeners = this.listeners.get(orderId) ?? new Set();
    this.listeners.set(orderId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.listeners.get(orderId) === listeners) this.listeners.delete(orderId);
    };
  }

  notify(orderIds: readonly string[]): void {
    for (const orderId of orderIds) for (const listener of this.listeners.get(orderId) ?? []) listener();
  }

  /** Notifies the listeners of all orders, after notifications may have been lost. */
  notifyAll(): void {
    this.notify([...this.listeners.keys()]);
  }
}
