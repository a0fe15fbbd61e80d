"""`make deploy-check`: every check of the deployment that needs no AWS and no booted host."""
