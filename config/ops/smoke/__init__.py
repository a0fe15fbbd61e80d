"""The five promises measured against a live site, over the network and by nothing else.

Nothing here reads the settings or touches the database: `manage.py smoke` runs on any machine that
has the packages, a CI runner for example.
"""
