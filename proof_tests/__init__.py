"""The long proofs. What they look for and how they look share no code with what they test."""
