"""Commands of the posts app."""
