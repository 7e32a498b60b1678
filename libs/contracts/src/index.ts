export { AvailabilityAnswer, availabilityGrpc, AvailabilityQuery, LineAvailability } from './availability';
export { CancelOrder, cancelOrder } from './cancel-order';
export { CUSTOMER_ID, PAYMENT_TOKEN, SKU } from './identifiers';
export {
  CommitStock,
  commitStock,
  ReleaseStock,
  releaseStock,
  ReserveStock,
  reserveStock,
  ReturnStock,
  returnStock,
  StockLow,
  stockLow,
  StockReserved,
} from './inventory';
export {
  BeginRevision,
  beginRevision,
  CommitRevision,
  commitRevision,
  ConfirmOrder,
  confirmOrder,
  DropCancellation,
  dropCancellation,
  DropRevision,
  dropRevision,
  EndRevision,
  endRevision,
  FinishCancellation,
  finishCancellation,
  FinishRevision,
  finishRevision,
  RejectOrder,
  rejectOrder,
  RevisionBegun,
} from './order';
export {
  OrderApproved,
  orderApproved,
  OrderCancelled,
  orderCancelled,
  OrderedArticle,
  OrderPlaced,
  orderPlaced,
  OrderRejected,
  orderRejected,
  OrderRevised,
  orderRevised,
} from './order-events';
export { OrderLine } from './order-line';
export {
  AuthorizePayment,
  authorizePayment,
  CapturePayment,
  capturePayment,
  PaymentAuthorized,
  RefundPayment,
  refundPayment,
  ReversePayment,
  reversePayment,
  VoidPayment,
  voidPayment,
} from './payment';
export { PlaceOrder, placeOrder } from './place-order';
export { CustomerConsent, customerConsent, ReviseOrder, reviseOrder } from './revise-order';
