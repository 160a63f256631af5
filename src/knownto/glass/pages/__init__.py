"""The pages: break it, see through it, say what came of it, review it."""
