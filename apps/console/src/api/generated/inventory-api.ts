// Made by `npm run console:types` from the OpenAPI document of inventory. Do not edit.

export interface paths {
    "/stock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["StockController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/stock/{sku}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["StockController_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/stock/{sku}/restock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["StockController_restock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/stock/availability": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns whether one line could be sold right now */
        get: operations["AvailabilityController_one"];
        put?: never;
        /** Returns whether many lines could be sold right now */
        post: operations["AvailabilityController_many"];
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
        AvailabilityList: {
            /** @description One entry for each line, in their order */
            lines: components["schemas"]["AvailableLine"][];
        };
        AvailabilityRequest: {
            lines: components["schemas"]["WantedLine"][];
        };
        AvailableLine: {
            /**
             * @description Units that can be sold; 0 for an unknown article
             * @example 1000000
             */
            available: number;
            enough: boolean;
            /** @example SKU-CUP */
            sku: string;
        };
        CommitStock: Record<string, never>;
        FieldProblem: {
            /** @example lines[0].quantity */
            field: string;
            /** @example must not be less than 1 */
            problem: string;
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
        ReleaseStock: Record<string, never>;
        ReserveStock: Record<string, never>;
        Restock: {
            /** @example 100 */
            quantity: number;
        };
        ReturnStock: Record<string, never>;
        StockItem: {
            /**
             * @description Units that can be sold
             * @example 1000000
             */
            available: number;
            /**
             * @description Units reserved for orders
             * @example 0
             */
            reserved: number;
            /** @example SKU-CUP */
            sku: string;
        };
        StockList: {
            items: components["schemas"]["StockItem"][];
        };
        WantedLine: {
            /** @example 2 */
            quantity: number;
            /** @example SKU-CUP */
            sku: string;
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
    StockController_list: {
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
                    "application/json": components["schemas"]["StockList"];
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
    StockController_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sku: string;
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
                    "application/json": components["schemas"]["StockItem"];
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
    StockController_restock: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sku: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Restock"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StockItem"];
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
    AvailabilityController_one: {
        parameters: {
            query: {
                quantity: number;
                sku: string;
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
                    "application/json": components["schemas"]["AvailabilityList"];
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
    AvailabilityController_many: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AvailabilityRequest"];
            };
        };
        responses: {
            /** @description One entry for each line, in their order */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AvailabilityList"];
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
