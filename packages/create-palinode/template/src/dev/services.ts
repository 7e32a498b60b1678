/** The services and the ports on which they serve HTTP. Each has a database of its own, which has its name. */
export const services = {
  orchestrator: 3000,
  orders: 3001,
  inventory: 3002,
  payments: 3003,
};
