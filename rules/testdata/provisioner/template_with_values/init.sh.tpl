#!/bin/bash
docker run -d acme/web:${tag}
cat > docker-compose.yml <<'E'
${files}
E
