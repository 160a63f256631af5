"""Pages of who is who, one a file."""
