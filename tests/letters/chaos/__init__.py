"""The proof that every letter arrives once, whatever goes wrong and whenever.

``world.py``: letters over every channel, real workers, and a clock that is hastened;
``receivers.py``: the servers and the folder that take the letters, and their logs; ``troubles.py``:
what goes wrong; ``run.py``: strikes at seeded random moments, and what is counted; ``proof.py``:
our books against the receivers'. `tests/letters/test_chaos.py` runs it with a few letters, `make
bench BENCH=chaos` with 500 for each trouble.
"""
