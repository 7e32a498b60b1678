export * from './inventory.js';
export * from './orders.js';
export * from './payments.js';
export * from './place-order.js';
