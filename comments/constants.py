"""Limits of the comments app."""

BODY_MAX = 2200
