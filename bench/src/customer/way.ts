/** How one order was answered, as its customer saw it. */
export interface Answer {
  readonly status: number;
}

/** One way to take an order that needs stock and money, with an inventory that a scenario may hold up or take away. */
export interface Way {
  readonly name: string;
  /** Resolves with the answer; rejects when there is none. */
  order(): Promise<Answer>;
  slowInventory(ms: number): Promise<void>;
  killInventory(): Promise<void>;
  restartInventory(): Promise<void>;
  /** What became of everything, once the inventory is back and nothing moves any more. Empties the books for the next run. */
  leftBehind(): Promise<string>;
  stop(): Promise<void>;
}
