// Builds the client and, in development, passes what belongs to the server on to it.
import { fileURLToPath, URL } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const server = process.env.JYOTI_SERVER ?? "http://127.0.0.1:8081";
const proxied = { target: server, changeOrigin: false };

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    assetsInlineLimit: 0, // the content security policy has no data: for scripts, styles and fonts
    cssTarget: ["chrome123", "firefox120", "safari17.5"], // these know light-dark()
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // Kept apart from our code, so that a deploy leaves it in the browser's cache.
            {
              name: "vendor",
              test: /node_modules[\\/](react|react-dom|scheduler|react-router|@tanstack|openapi-fetch)[\\/]/,
              priority: 2,
            },
            // What most pages share, in one file instead of one for each pair of pages.
            {
              name: "shared",
              test: /src[\\/](api|lib|ui)[\\/]|lucide-react|blurhash/,
              priority: 1,
              minShareCount: 4,
            },
          ],
        },
      },
    },
  },
  server: {
    host: "127.0.0.1",
    port: 5173,
    proxy: {
      "/api": proxied,
      "/media": proxied,
      "/admin": proxied,
      "/static": proxied,
      "/ws": { ...proxied, ws: true },
    },
  },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
