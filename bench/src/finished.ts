const waiting = new Map<string, () => void>();

/** Resolves when the order's saga has had its last effect in this process. */
export function untilFinished(orderId: string): Promise<void> {
  return new Promise((resolve) => waiting.set(orderId, resolve));
}

export function finished(orderId: string): void {
  waiting.get(orderId)?.();
  waiting.delete(orderId);
}
