services:
  a:
    image: acme/${x}:latest
