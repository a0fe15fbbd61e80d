"""Live messages: our gateway against Express + Socket.IO on the same PostgreSQL and Redis."""
