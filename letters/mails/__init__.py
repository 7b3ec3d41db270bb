"""Mails that say something has come, and never what."""
