import { global } from './global-setup';

export default async function tearDown(): Promise<void> {
  await global.stopSharedPostgres?.();
}
