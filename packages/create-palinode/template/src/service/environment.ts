/** What each service is told by its environment; `npm start`, Docker Compose and Kubernetes set it. */
export const databaseUrl = required('DATABASE_URL');
export const kafka = { brokers: required('KAFKA_BROKERS').split(',') };
export const host = process.env['HOST'] ?? '127.0.0.1';
export const port = Number(required('PORT'));
/** A file with the keys of the admin API, made by `palinode keys create`. */
export const adminKeysFile = process.env['ADMIN_KEYS_FILE'];
/** Whether everybody who reaches the admin API may use it, also in production. */
export const isAdminOpen = process.env['ADMIN_ACCESS'] === 'open';

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`The environment variable ${name} is missing.`);
  return value;
}
