"""Invented people with real pictures, so that a first start shows something."""
