"""Views of the app, one module a topic."""
