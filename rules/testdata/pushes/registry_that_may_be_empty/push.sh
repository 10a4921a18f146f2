#!/bin/sh
REGISTRY=${REGISTRY:-}
docker push "$REGISTRY/shop/web:latest"
