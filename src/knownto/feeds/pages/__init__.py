"""The pages of feeds: one a file, each with its form, presenter and view."""
