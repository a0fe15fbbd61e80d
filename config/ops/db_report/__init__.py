"""What the dashboard of a hosted database would show, asked from PostgreSQL 15 to 18 itself."""
