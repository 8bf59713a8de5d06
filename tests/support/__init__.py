"""What tests stand on: databases of both kinds, a running server, a real browser."""
