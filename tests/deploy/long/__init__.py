"""What the two parts of `make deploy-test` share."""
