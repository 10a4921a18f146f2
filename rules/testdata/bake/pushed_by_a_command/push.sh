docker buildx bake --push
