const express = require("express");

const app = express();
app.post("/pay", (request, response) => response.json({}));
app.listen(8000);
