/** Where Palinode's tables are: beside those of this service, in a schema and with a prefix of their own. */
export const tables = { schema: 'palinode', tablePrefix: 'billing_' };
