const express = require("express");

const app = express();
app.get("/auth/login", (request, response) => response.json({}));
app.get("/orders/open", (request, response) => response.json([]));
app.get("/health", (request, response) => response.json({}));
app.listen(4000);
