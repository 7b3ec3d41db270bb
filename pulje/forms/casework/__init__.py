"""What case workers do to a case until it is decided."""
