"""The kernel: what every app stands on and no app is named in."""
