"""Who applies: themselves, their people, and how they are reached."""
