import react from '@vitejs/plugin-react';
import { defineConfig, loadEnv } from 'vite';

/** Not the path of this module's URL: in that a space or a Chinese letter of a folder's name is escaped. */
const root = import.meta.dirname;

/** `ZHUJI_URL` is where the gateway listens while developing; the built pages are served by the gateway itself. */
export default defineConfig(({ mode }) => {
  const gateway = loadEnv(mode, root, 'ZHUJI_')['ZHUJI_URL'] ?? 'http://127.0.0.1:8080';
  return {
    root,
    plugins: [react()],
    // Nothing may be inlined: the gateway's content security policy allows only files of its own origin.
    build: {
      outDir: 'dist',
      emptyOutDir: true,
      target: 'es2023',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
    worker: { format: 'es' },
    server: { proxy: { '/api': { target: gateway, changeOrigin: false } } },
  };
});
