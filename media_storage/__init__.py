"""Pictures: upload, checks, variants, signed addresses, and the stores that keep the bytes."""
