"""From rows to the plain values a letter is worded from."""
