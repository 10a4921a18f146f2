#!/bin/bash
docker run -d r.io/web:${tag}
