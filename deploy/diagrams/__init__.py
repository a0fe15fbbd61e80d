"""Draws ARCHITECTURE.md from what is deployed: templates, units and nginx say every edge."""
