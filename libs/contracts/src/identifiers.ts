/* Identifiers that services exchange are plain ASCII: they end up in databases (which store no NUL), logs and URLs. */
export const SKU = /^[A-Z0-9][A-Z0-9-]{0,63}$/;
export const CUSTOMER_ID = /^[A-Za-z0-9][A-Za-z0-9_.:@-]{0,63}$/;
export const PAYMENT_TOKEN = /^tok_[a-z0-9_]{1,60}$/;
export const CURRENCY = /^[A-Z]{3}$/;
export const REASON = /^[\w .:-]{1,100}$/;
