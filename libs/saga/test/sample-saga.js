"use strict";
var __decorate = (this && this.__decorate) || function (decorators, target, key, desc) {
    var c = arguments.length, r = c < 3 ? target : desc === null ? desc = Object.getOwnPropertyDescriptor(target, key) : desc, d;
    if (typeof Reflect === "object" && typeof Reflect.decorate === "function") r = Reflect.decorate(decorators, target, key, desc);
    else for (var i = decorators.length - 1; i >= 0; i--) if (d = decorators[i]) r = (c < 3 ? d(r) : c > 3 ? d(target, key, r) : d(target, key)) || r;
    return c > 3 && r && Object.defineProperty(target, key, r), r;
};
var __metadata = (this && this.__metadata) || function (k, v) {
    if (typeof Reflect === "object" && typeof Reflect.metadata === "function") return Reflect.metadata(k, v);
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.authorized = exports.reserved = exports.anOrder = exports.placeOrder = exports.rejectOrder = exports.commitStock = exports.confirmOrder = exports.capturePayment = exports.voidPayment = exports.authorizePayment = exports.releaseStock = exports.reserveStock = exports.Capture = exports.TakeBack = exports.Authorized = exports.Reserved = exports.Order = void 0;
/* The order saga of the README in small: what the tests of this library run. */
const class_validator_1 = require("class-validator");
const contract_1 = require("../src/contract");
const definition_1 = require("../src/definition");
class Order {
    orderId;
}
exports.Order = Order;
__decorate([
    (0, class_validator_1.IsString)(),
    __metadata("design:type", String)
], Order.prototype, "orderId", void 0);
class Reserved {
    reservationId;
}
exports.Reserved = Reserved;
__decorate([
    (0, class_validator_1.IsString)(),
    __metadata("design:type", String)
], Reserved.prototype, "reservationId", void 0);
class Authorized {
    authorizationId;
}
exports.Authorized = Authorized;
__decorate([
    (0, class_validator_1.IsString)(),
    __metadata("design:type", String)
], Authorized.prototype, "authorizationId", void 0);
class TakeBack {
    orderId;
    /** The action's reply, where it was seen. */
    seen;
}
exports.TakeBack = TakeBack;
__decorate([
    (0, class_validator_1.IsString)(),
    __metadata("design:type", String)
], TakeBack.prototype, "orderId", void 0);
__decorate([
    (0, class_validator_1.IsOptional)(),
    (0, class_validator_1.IsString)(),
    __metadata("design:type", String)
], TakeBack.prototype, "seen", void 0);
class Capture {
    authorizationId;
}
exports.Capture = Capture;
__decorate([
    (0, class_validator_1.IsString)(),
    __metadata("design:type", String)
], Capture.prototype, "authorizationId", void 0);
exports.reserveStock = (0, contract_1.defineCommand)('inventory.reserve-stock', {
    payload: Order,
    reply: Reserved,
    refusals: ['out-of-stock'],
});
exports.releaseStock = (0, contract_1.defineCommand)('inventory.release-stock', { payload: TakeBack });
exports.authorizePayment = (0, contract_1.defineCommand)('payment.authorize', {
    payload: Order,
    reply: Authorized,
    refusals: ['card-declined'],
});
exports.voidPayment = (0, contract_1.defineCommand)('payment.void', { payload: TakeBack });
exports.capturePayment = (0, contract_1.defineCommand)('payment.capture', { payload: Capture, refusals: ['expired'] });
exports.confirmOrder = (0, contract_1.defineCommand)('order.confirm', { payload: Order });
exports.commitStock = (0, contract_1.defineCommand)('inventory.commit-stock', { payload: Order });
exports.rejectOrder = (0, contract_1.defineCommand)('order.reject', { payload: Order });
const orderOf = ({ input }) => ({ orderId: input.orderId });
const patience = {
    timeout: '5s',
    retry: { attempts: 3, backoff: (0, definition_1.exponential)('1s', { cap: '4s' }), attentionAfter: 4 },
};
/** order (taken back only) → stock ∥ payment → capture (pivot) → confirm → commit. */
exports.placeOrder = (0, definition_1.defineSaga)({ name: 'place-order', version: 1, input: Order, deadline: '15m' })
    .compensation('order', { invoke: exports.rejectOrder, payload: orderOf, ...patience })
    .parallel((branch) => ({
    stock: branch.compensatable({
        invoke: exports.reserveStock,
        payload: orderOf,
        compensation: {
            invoke: exports.releaseStock,
            payload: ({ input, reply }) => ({ orderId: input.orderId, seen: reply?.reservationId }),
            ...patience,
        },
        ...patience,
    }),
    payment: branch.compensatable({
        invoke: exports.authorizePayment,
        payload: orderOf,
        compensation: {
            invoke: exports.voidPayment,
            payload: ({ input, reply }) => ({ orderId: input.orderId, seen: reply?.authorizationId }),
            ...patience,
        },
        ...patience,
    }),
}))
    .pivot('capture', {
    invoke: exports.capturePayment,
    payload: ({ payment }) => ({ authorizationId: payment.authorizationId }),
    ...patience,
})
    .retriable('confirm', { invoke: exports.confirmOrder, payload: orderOf, ...patience })
    .retriable('commit', { invoke: exports.commitStock, payload: orderOf, ...patience })
    .build();
const anOrder = () => ({ orderId: 'o-1' });
exports.anOrder = anOrder;
exports.reserved = { reservationId: 'r-1' };
exports.authorized = { authorizationId: 'a-1' };
//# sourceMappingURL=sample-saga.js.map