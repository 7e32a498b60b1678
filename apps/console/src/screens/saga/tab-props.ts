import type { SagaDetail } from './use-saga';

/** What a tab of the page shows: the saga, and the entry of its history that is selected. */
export interface TabProps {
  readonly saga: SagaDetail;
  readonly at: number | undefined;
  readonly onSelect: (seq: number | undefined) => void;
}
