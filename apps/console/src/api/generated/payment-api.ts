// Made by `npm run console:types` from the OpenAPI document of payment. Do not edit.

export interface paths {
    "/ledger": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["LedgerController_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["PaymentsController_list"];
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
        AccountBalance: {
            /** @enum {string} */
            account: "receivable" | "held" | "revenue" | "payable";
            /**
             * @description Debits count up, credits count down
             * @example -259900
             */
            cents: number;
            /** @example EUR */
            currency: string;
        };
        AuthorizePayment: Record<string, never>;
        CapturePayment: Record<string, never>;
        FieldProblem: {
            /** @example lines[0].quantity */
            field: string;
            /** @example must not be less than 1 */
            problem: string;
        };
        LedgerSummary: {
            balances: components["schemas"]["AccountBalance"][];
            /**
             * @description The sum of all balances; anything but 0 is a bug
             * @example 0
             */
            totalCents: number;
        };
        Payment: {
            /** @example 2599 */
            amountCents: number;
            /** Format: uuid */
            authorizationId: string;
            /** Format: date-time */
            createdAt: string;
            /** @example EUR */
            currency: string;
            /** @example card-declined */
            declinedBecause: string | null;
            /** Format: uuid */
            orderId: string;
            /**
             * @description The amount owed to the customer because the gateway does not pay it back
             * @example 0
             */
            owedCents: number;
            /** @example 0 */
            refundedCents: number;
            /** @enum {string} */
            status: "AUTHORIZED" | "CAPTURED" | "VOIDED" | "DECLINED";
        };
        PaymentList: {
            items: components["schemas"]["Payment"][];
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
        RefundPayment: Record<string, never>;
        ReversePayment: Record<string, never>;
        VoidPayment: Record<string, never>;
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    LedgerController_read: {
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
                    "application/json": components["schemas"]["LedgerSummary"];
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
    PaymentsController_list: {
        parameters: {
            query: {
                orderId: string;
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
                    "application/json": components["schemas"]["PaymentList"];
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
