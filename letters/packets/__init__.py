"""An agenda or minutes as files."""
