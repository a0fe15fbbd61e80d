"""The posts app."""
