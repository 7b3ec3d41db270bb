"""File formats in: earlier grants. Reads and cleans; what is written goes through pulje.actions."""
