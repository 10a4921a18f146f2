#!/bin/sh
export SIDE_DIR="$PWD/../side"
docker compose up --build
