#!/bin/sh
aws ecs describe-services --cluster shop --services web --query 'services[0].runningCount'
