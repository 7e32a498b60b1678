// Made by `npm run console:types` from the OpenAPI document of order. Do not edit.

export interface paths {
    "/catalogue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["CatalogueController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["OrdersController_list"];
        put?: never;
        /** Places an order */
        post: operations["PlacingController_place"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orders/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["OrdersController_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orders/{id}/cancellation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancels an approved order: the money goes back, and the stock */
        post: operations["CancellingController_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orders/{id}/consent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Accepts or declines the higher price of a revision */
        post: operations["RevisingController_consent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orders/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follows an order by server-sent events until it is settled
         * @description Each event has the number of the event as its id, what happened as its name (placed, approved, rejected …), and JSON as its data. A client that was cut off sends the last id that it has seen and misses none.
         */
        get: operations["FollowingController_follow"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orders/{id}/revisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["RevisingController_list"];
        put?: never;
        /** Changes the lines of an order, as soon as it is approved */
        post: operations["RevisingController_revise"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orders/{id}/webhook-deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the webhook deliveries of an order, and how each attempt ended */
        get: operations["WebhookController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        BeginRevision: Record<string, never>;
        CancellationAccepted: {
            /** Format: uuid */
            orderId: string;
            /** Format: uuid */
            sagaId: string;
        };
        CatalogueEntry: {
            /** @example EUR */
            currency: string;
            /** @example Porcelain cup */
            name: string;
            /** @example 1250 */
            priceCents: number;
            /** @example SKU-CUP */
            sku: string;
        };
        CatalogueList: {
            items: components["schemas"]["CatalogueEntry"][];
        };
        CommitRevision: Record<string, never>;
        ConfirmOrder: Record<string, never>;
        ConsentRequest: {
            /** @example true */
            accepted: boolean;
            /**
             * @description What it asks for: `differenceCents` of the revision, once it is BEGUN
             * @example 500
             */
            differenceCents: number;
            /**
             * Format: uuid
             * @description The revision that asks
             */
            revisionId: string;
        };
        ConsentTaken: {
            /** Format: uuid */
            orderId: string;
            /** Format: uuid */
            revisionId: string;
            /** Format: uuid */
            sagaId: string;
        };
        DropCancellation: Record<string, never>;
        DropRevision: Record<string, never>;
        EndRevision: Record<string, never>;
        FieldProblem: {
            /** @example lines[0].quantity */
            field: string;
            /** @example must not be less than 1 */
            problem: string;
        };
        FinishCancellation: Record<string, never>;
        FinishRevision: Record<string, never>;
        HoldChanged: Record<string, never>;
        Order: {
            /** Format: date-time */
            createdAt: string;
            /** @example EUR */
            currency: string;
            /** @example customer-7 */
            customerId: string;
            /** Format: date-time */
            endedAt: string | null;
            lines: components["schemas"]["OrderedLine"][];
            /**
             * @description Why the last requested change was dropped
             * @example Not cancelled: not-refundable
             */
            notice?: string;
            /** Format: uuid */
            orderId: string;
            rejection?: components["schemas"]["OrderRejection"];
            /**
             * @description The number of its events, which is the id of the last one
             * @example 1
             */
            revision: number;
            /** Format: uuid */
            sagaId: string;
            /** @enum {string} */
            status: "PENDING" | "APPROVED" | "REJECTED" | "REVISING" | "CANCELLING" | "CANCELLED";
            /** @example 2500 */
            totalCents: number;
            /** @description What the order is waiting for while it is PENDING */
            waitsFor?: components["schemas"]["OrderWait"];
        };
        OrderAccepted: {
            links: components["schemas"]["OrderLinks"];
            /** Format: uuid */
            orderId: string;
            /** Format: uuid */
            sagaId: string;
            /** @enum {string} */
            status: "PENDING";
            /** @description The outage that it waits for; missing without one */
            waitsFor?: components["schemas"]["OrderWait"];
        };
        OrderedLine: {
            /** @example Porcelain cup */
            name: string;
            /** @example 2 */
            quantity: number;
            /** @example SKU-CUP */
            sku: string;
            /** @example 1250 */
            unitPriceCents: number;
        };
        OrderLinks: {
            /** @example /orders/019a0d3e-7c1b-7d55-b6a5-6a0c3c8d4e21/events */
            events: string;
            /** @example /orders/019a0d3e-7c1b-7d55-b6a5-6a0c3c8d4e21 */
            order: string;
            /**
             * @description Its saga at the orchestrator; missing when PUBLIC_URL_ORCHESTRATOR is not set
             * @example http://127.0.0.1:3000/v1/sagas/019a0d3e-7c1b-7d55-b6a5-6a0c3c8d4e22
             */
            saga?: string;
            /** @description Its webhook deliveries; missing without a webhook */
            webhookDeliveries?: string;
        };
        OrderPage: {
            /** @description Newest first */
            items: components["schemas"]["Order"][];
            /** @description The cursor of the next page; missing on the last one */
            next?: string;
        };
        OrderRejection: {
            /** @example Your card was declined. Please use another one. */
            message: string;
            /** @example card-declined */
            reason: string;
        };
        OrderRequest: {
            /** @example customer-7 */
            customerId: string;
            lines: components["schemas"]["OrderRequestLine"][];
            /**
             * @description The token of the card at the card gateway; tok_declined is refused
             * @example tok_ok
             */
            paymentToken: string;
            /**
             * Format: uri
             * @description Called on each event of the order; its host must be in WEBHOOK_HOSTS
             * @example https://hooks.example.com/orders
             */
            webhookUrl?: string;
        };
        OrderRequestLine: {
            /** @example 2 */
            quantity: number;
            /** @example SKU-CUP */
            sku: string;
        };
        OrderWait: {
            /** @example payment is away since 2026-11-30T01:19:43.000Z; your order waits */
            message: string;
            /**
             * @description The service that is away
             * @example payment
             */
            service?: string;
            /** Format: date-time */
            since: string;
        };
        ProblemDetails: {
            /** @example lines[0].quantity must not be less than 1. */
            detail: string;
            errors?: components["schemas"]["FieldProblem"][];
            /** @example /orders */
            instance: string;
            /** @example 400 */
            status: number;
            /** @example The request is not valid */
            title: string;
            /** @example urn:palinode:problem:invalid-request */
            type: string;
        };
        RejectOrder: Record<string, never>;
        Revision: {
            /** @description What the customer has answered; null before */
            consent: boolean | null;
            /** Format: date-time */
            createdAt: string;
            /**
             * @description The difference in price; null before it has BEGUN. A higher price needs consent.
             * @example 500
             */
            differenceCents: number | null;
            /** @example price-not-accepted */
            droppedBecause?: string | null;
            lines: components["schemas"]["OrderedLine"][];
            /** Format: uuid */
            revisionId: string;
            /** Format: uuid */
            sagaId: string;
            /**
             * @description The order is held for it while it is BEGUN or COMMITTED; once COMMITTED it is never undone
             * @enum {string}
             */
            status: "ASKED" | "BEGUN" | "COMMITTED" | "DONE" | "DROPPED";
            /** @example 3000 */
            totalCents: number;
        };
        RevisionAccepted: {
            /**
             * @description What it would cost more by what the order is now, or less when negative. What counts is `differenceCents` of the revision once it is BEGUN: other revisions may come first.
             * @example 500
             */
            differenceCents: number;
            /** Format: uuid */
            orderId: string;
            /** Format: uuid */
            revisionId: string;
            /** Format: uuid */
            sagaId: string;
        };
        RevisionRequest: {
            lines: components["schemas"]["OrderRequestLine"][];
            /**
             * @description The token of the card at the card gateway; tok_declined is refused
             * @example tok_ok
             */
            paymentToken: string;
        };
        WebhookAttempt: {
            /** Format: date-time */
            at: string;
            /** @example 1 */
            attempt: number;
            /** @example no answer in time */
            problem: string | null;
            /**
             * @description The HTTP status of the answer, if there was one
             * @example 503
             */
            status: number | null;
            /** @example 48 */
            tookMs: number;
        };
        WebhookDeliveries: {
            items: components["schemas"]["WebhookDelivery"][];
        };
        WebhookDelivery: {
            attempts: components["schemas"]["WebhookAttempt"][];
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            endedAt: string | null;
            /** @example approved */
            event: string;
            /** @example hooks.example.com */
            host: string;
            /**
             * Format: uuid
             * @description The `webhook-id` of all its attempts
             */
            id: string;
            /**
             * Format: date-time
             * @description The time of the next attempt
             */
            nextAttemptAt: string | null;
            /** @example 2 */
            seq: number;
            /** @enum {string} */
            status: "PENDING" | "DELIVERED" | "GIVEN_UP";
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    CatalogueController_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CatalogueList"];
                };
            };
            /** @description Problem details (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    OrdersController_list: {
        parameters: {
            query?: {
                /** @description The `next` of the page before */
                cursor?: string;
                customerId?: string;
                limit?: number;
                status?: "PENDING" | "APPROVED" | "REJECTED" | "REVISING" | "CANCELLING" | "CANCELLED";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderPage"];
                };
            };
            /** @description Problem details (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    PlacingController_place: {
        parameters: {
            query?: never;
            header?: {
                /** @description Repeats the first answer for 24 hours */
                "Idempotency-Key"?: string;
                /** @description wait=N waits up to N (1 to 30) seconds for the outcome */
                Prefer?: string;
                /** @description In development: injects a fault into this order, such as payment.capture=drop-reply */
                "X-Saga-Fault"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OrderRequest"];
            };
        };
        responses: {
            /** @description The order, when it ended within the wait */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description The order is in progress */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderAccepted"];
                };
            };
            /** @description The shop cannot take more orders; nothing was ordered. Send the same request again after Retry-After */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Problem details (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    OrdersController_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description Problem details (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    CancellingController_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CancellationAccepted"];
                };
            };
            /** @description The order is not approved */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    RevisingController_consent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConsentRequest"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsentTaken"];
                };
            };
            /** @description This revision does not ask for this price now, or was answered differently; `asked` names the price that needs consent */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    FollowingController_follow: {
        parameters: {
            query?: never;
            header?: {
                /** @description Begins after the event with this id */
                "Last-Event-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description The order is settled and the client has all its events: do not reconnect */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The order or the customer is at its limit of streams */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Too many streams are open; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    RevisingController_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Revision"][];
                };
            };
            /** @description Problem details (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    RevisingController_revise: {
        parameters: {
            query?: never;
            header?: {
                /** @description Repeats the first answer for this order */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RevisionRequest"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RevisionAccepted"];
                };
            };
            /** @description The order is rejected, cancelled, or being changed */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The order is at its limit of open revisions */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    WebhookController_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDeliveries"];
                };
            };
            /** @description Problem details (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
}
