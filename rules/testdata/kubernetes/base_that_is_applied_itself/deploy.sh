#!/bin/sh
kubectl apply -k ./k8s/base/
