"""Media's commands."""
