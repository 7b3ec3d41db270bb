"""The law as pure functions: plain values in, plain values out; no database, clock or settings."""
