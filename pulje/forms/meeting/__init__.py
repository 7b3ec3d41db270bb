"""The committee and its meetings: agenda, papers, rulings, minutes."""
