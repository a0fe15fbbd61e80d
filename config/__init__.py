"""Settings, URLs and entry points: the one package that knows every app."""
