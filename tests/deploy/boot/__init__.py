"""A whole single box, booted in systemd-nspawn (make deploy-test)."""
