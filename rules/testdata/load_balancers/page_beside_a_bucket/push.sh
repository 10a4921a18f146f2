docker build -t registry.example.org/shop/api:1.4.2 api
docker push registry.example.org/shop/api:1.4.2
