export { AvailabilityAnswer, availabilityGrpc, AvailabilityQuery, LineAvailability } from './availability';
export { CUSTOMER_ID, PAYMENT_TOKEN, SKU } from './identifiers';
export {
  CommitStock,
  commitStock,
  ReleaseStock,
  releaseStock,
  ReserveStock,
  reserveStock,
  StockReserved,
} from './inventory';
export { StockLow, stockLow } from './inventory-events';
export { ConfirmOrder, confirmOrder, RejectOrder, rejectOrder } from './order';
export {
  OrderApproved,
  orderApproved,
  OrderedArticle,
  OrderPlaced,
  orderPlaced,
  OrderRejected,
  orderRejected,
} from './order-events';
export { OrderLine } from './order-line';
export {
  AuthorizePayment,
  authorizePayment,
  CapturePayment,
  capturePayment,
  PaymentAuthorized,
  VoidPayment,
  voidPayment,
} from './payment';
export { PlaceOrder, placeOrder } from './place-order';
