export {
  BULK_ACTION_STATUSES,
  BULK_LETTER_ACTIONS,
  BULK_SAGA_ACTIONS,
  ITEM_STATUSES,
  OUTCOMES,
  type BulkAction,
  type BulkActionStatus,
  type BulkLetterAction,
  type BulkOrder,
  type BulkSagaAction,
  type ItemStatus,
  type ItemOutcome,
  type Progress,
  type SagaOrder,
} from './bulk-action';
export { BulkActionRunner } from './bulk-action-runner';
export { BulkActionStore, type ChangeOutcome, type ItemOfList } from './bulk-action-store';
export { BulkActions, MOST_ITEMS, type BulkRequest, type DryRun, type NotCreated } from './bulk-actions';
export { BulkLetters } from './bulk-letters';
export { BulkSagas } from './bulk-sagas';
export { BulkTargets, type ItemPreview, type PreviewedCommand } from './bulk-target';
