"""Two hosts behind a balancer, in network namespaces (make deploy-test)."""
