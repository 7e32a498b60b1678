/*
 * What names things across services is plain ASCII: it ends up in databases (which take no NUL), in logs and in URLs.
 */
export const SKU = /^[A-Z0-9][A-Z0-9-]{0,63}$/;
export const CUSTOMER_ID = /^[A-Za-z0-9][A-Za-z0-9_.:@-]{0,63}$/;
export const PAYMENT_TOKEN = /^tok_[a-z0-9_]{1,60}$/;
export const CURRENCY = /^[A-Z]{3}$/;
export const REASON = /^[\w .:-]{1,100}$/;
