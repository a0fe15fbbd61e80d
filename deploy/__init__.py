"""What runs Jyoti elsewhere: AWS stacks, units of a host, and the tools that plan and check them."""
