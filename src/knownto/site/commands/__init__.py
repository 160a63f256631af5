"""What the `knownto` command does, one command a file, and what they share: having the databases up."""
