#!/bin/sh
kustomize build k8s/base > /dev/null
kustomize build "k8s/overlays/$1" | kubectl apply -f -
