"""What render.py needs: fonts, look, bounds, standards, seal."""
