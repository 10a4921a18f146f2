export default {
  server: {
    proxy: {
      "/auth": "http://localhost:4000",
      "/orders": { target: "http://localhost:4000", rewrite: (path) => path.replace(/^\/orders/, "/auth") },
    },
  },
};
