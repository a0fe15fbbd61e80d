"""What operators run: smoke (a live site from outside), doctor and db_report (from inside)."""
