export type WaitObserver = <T>(what: string, work: () => Promise<T>) => Promise<T>;

let observer: WaitObserver | undefined;

/** Passes everything that is waited for from now on through this function, so that a report can say what tests wait for. */
export function observeWaits(waitObserver: WaitObserver): void {
  observer = waitObserver;
}

/** Does the work, under the eyes of the observer if there is one. */
export function observed<T>(what: string, work: () => Promise<T>): Promise<T> {
  return observer ? observer(what, work) : work();
}
