interface Entry {
  readonly place: number;
  readonly cost: number;
  readonly order: number;
}

/** The places that are not expanded yet, cheapest first; equally cheap ones in the order in which they were found. */
export class Frontier {
  private readonly heap: Entry[] = [];
  private added = 0;

  add(place: number, cost: number): void {
    const { heap } = this;
    heap.push({ place, cost, order: this.added });
    this.added += 1;
    for (let at = heap.length - 1; at > 0;) {
      const above = (at - 1) >> 1;
      if (!isBefore(heap, at, above)) return;
      swap(heap, at, above);
      at = above;
    }
  }

  take(): Entry | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    heap[0] = last;
    for (let at = 0; ;) {
      let least = at;
      for (const below of [2 * at + 1, 2 * at + 2])
        if (below < heap.length && isBefore(heap, below, least)) least = below;
      if (least === at) return first;
      swap(heap, at, least);
      at = least;
    }
  }
}

function isBefore(heap: readonly Entry[], a: number, b: number): boolean {
  const [left, right] = [heap[a] as Entry, heap[b] as Entry];
  return left.cost === right.cost ? left.order < right.order : left.cost < right.cost;
}

function swap(heap: Entry[], a: number, b: number): void {
  const kept = heap[a] as Entry;
  heap[a] = heap[b] as Entry;
  heap[b] = kept;
}
