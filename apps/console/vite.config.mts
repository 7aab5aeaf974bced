import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** One script and one stylesheet a page loads, nothing inline: the event manager's Content-Security-Policy refuses all else. */
export default defineConfig({
  root: here('.'),
  base: '/console/',
  plugins: [react()],
  build: {
    outDir: here('../../dist/apps/console'),
    emptyOutDir: true,
    // A data: URL is nothing that `default-src 'self'` lets through.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
  },
  server: {
    // `npx vite apps/console` beside `npm run dev`: pages from here, with hot reload; the API from there.
    proxy: { '/admin': 'http://127.0.0.1:3000', '/console/config.json': 'http://127.0.0.1:3000' },
  },
});
