"""A pool: its rules, rounds, frame and numbers."""
