import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Scripts and stylesheets are files, never inline: the event manager's Content-Security-Policy blocks inline code. */
export default defineConfig({
  root: here('.'),
  base: '/console/',
  plugins: [react()],
  build: {
    outDir: here('../../dist/apps/console'),
    emptyOutDir: true,
    // The policy's `default-src 'self'` blocks data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
  },
  server: {
    // `npx vite apps/console` beside `npm run dev`: serves the pages with hot reload, and proxies the API.
    proxy: { '/admin': 'http://127.0.0.1:3000', '/console/config.json': 'http://127.0.0.1:3000' },
  },
});
