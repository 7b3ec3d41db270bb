"""Pages of this package, by what they show."""
