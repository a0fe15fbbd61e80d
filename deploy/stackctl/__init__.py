"""One command for the AWS stacks: what would change, change it, what came of it."""
