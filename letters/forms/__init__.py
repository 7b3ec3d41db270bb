"""What people type and tick."""
