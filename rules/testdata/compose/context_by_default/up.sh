#!/bin/sh
export OUT_SIDE_DIR="$PWD/../side"
docker compose up --build
