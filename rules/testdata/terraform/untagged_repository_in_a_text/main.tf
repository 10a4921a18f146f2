module "registry" {
  source = "./modules/ecr"
}
module "api" {
  source = "./modules/ecs"
  repository_url = module.registry.url
}
