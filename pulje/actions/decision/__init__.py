"""Who may decide, the decision, and the complaint over it."""
