"""Invented data that looks like real life: nobody and nothing in here exists.

Recipe: domain.md A8. Cases are walked through the same verbs as any other case.
"""
