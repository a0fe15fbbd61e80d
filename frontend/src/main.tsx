// Starts the client.
import "@fontsource-variable/figtree/wght.css";
import "./styles/layers.css";
import "./styles/tokens.css";
import "./styles/base.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { queryClient } from "./api/queryClient";
import { session } from "./api/session";
import { App } from "./app/App";
import { followSystemTheme } from "./lib/preferences";

// After a deploy an old tab may ask for a file that is gone: load the page again, once.
addEventListener("vite:preloadError", (event) => {
  if (sessionStorage.getItem("jyoti.reloaded")) return;
  sessionStorage.setItem("jyoti.reloaded", "yes");
  event.preventDefault();
  location.reload();
});

followSystemTheme();
void session.start();

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <BrowserRouter>
        <App />
      </BrowserRouter>
    </QueryClientProvider>
  </StrictMode>,
);
