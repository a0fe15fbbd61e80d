"""The comments app."""
