/** A database for each service, owned by a role of the same name. */
export const databaseNames = [
  'palinode_orchestrator',
  'palinode_order',
  'palinode_payment',
  'palinode_inventory',
  'palinode_notifications',
  'palinode_reporting',
] as const;
