"""The fields that a text may use."""
