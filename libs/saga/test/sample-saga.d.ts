export declare class Order {
    orderId: string;
}
export declare class Reserved {
    reservationId: string;
}
export declare class Authorized {
    authorizationId: string;
}
export declare class TakeBack {
    orderId: string;
    /** The action's reply, where it was seen. */
    seen?: string;
}
export declare class Capture {
    authorizationId: string;
}
export declare const reserveStock: import("../src/contract").CommandContract<Order, Reserved, "out-of-stock">;
export declare const releaseStock: import("../src/contract").CommandContract<TakeBack, undefined, never>;
export declare const authorizePayment: import("../src/contract").CommandContract<Order, Authorized, "card-declined">;
export declare const voidPayment: import("../src/contract").CommandContract<TakeBack, undefined, never>;
export declare const capturePayment: import("../src/contract").CommandContract<Capture, undefined, "expired">;
export declare const confirmOrder: import("../src/contract").CommandContract<Order, undefined, never>;
export declare const commitStock: import("../src/contract").CommandContract<Order, undefined, never>;
export declare const rejectOrder: import("../src/contract").CommandContract<Order, undefined, never>;
/** order (taken back only) → stock ∥ payment → capture (pivot) → confirm → commit. */
export declare const placeOrder: import("../src/definition").SagaDefinition<Order>;
export declare const anOrder: () => Order;
export declare const reserved: Reserved;
export declare const authorized: Authorized;
//# sourceMappingURL=sample-saga.d.ts.map