import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

const server = process.env.TRIPLINE_URL ?? 'http://127.0.0.1:9000';

export default defineConfig({
  plugins: [sveltekit()],
  server: { proxy: { '/api': server } },
  preview: { proxy: { '/api': server } }
});
