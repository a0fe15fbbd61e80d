"""Media's HTTP face."""
