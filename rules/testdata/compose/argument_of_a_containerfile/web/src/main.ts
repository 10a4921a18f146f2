new WebSocket(import.meta.env.VITE_WS);
