"""The main jobs in a real Chromium, against the server that `make run` starts."""
