export default {
  server: {
    proxy: {
      "/auth": "http://localhost:4000",
      "/orders": "http://localhost:4000",
    },
  },
};
