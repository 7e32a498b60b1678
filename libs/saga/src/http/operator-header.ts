/** The X-Operator header in a route's description. */
export const OPERATOR_HEADER = {
  name: 'X-Operator',
  required: false,
  description: 'The operator, where access is open; otherwise the name of the key counts',
  schema: { type: 'string', default: 'anonymous', pattern: '^[A-Za-z0-9_.@+-]{1,100}$' },
} as const;
