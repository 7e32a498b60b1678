import { defineConfig } from 'vite';
import { compression } from 'vite-plugin-compression2';

const stack = 'http://127.0.0.1:3000';

export default defineConfig({
  // Assets are found relative to the page's <base>, wherever the console is mounted.
  base: './',
  build: {
    outDir: '../../dist/libs/console/static',
    emptyOutDir: true,
    target: 'es2023',
    // Inlined assets would need data: in the Content-Security-Policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      // Libraries mark their client components for servers that render React, which this page has not.
      checks: { moduleLevelDirective: false },
    },
  },
  plugins: [compression({ algorithms: ['brotliCompress', 'gzip'], include: /\.(js|css|svg)$/, threshold: 1_024 })],
  server: { proxy: { '/v1': stack, '/console/services': stack } },
});
