import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The limits are for what hangs; a slow machine takes its time.
  test: { globals: true, include: ['{src,test}/**/*.spec.ts'], hookTimeout: 300_000, testTimeout: 300_000 },
});
