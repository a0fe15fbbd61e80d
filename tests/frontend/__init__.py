"""Tests of what the web client needs of the server."""
