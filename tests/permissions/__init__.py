"""Role and scope of every command."""
