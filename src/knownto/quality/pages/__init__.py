"""The pages of quality, one a file."""
