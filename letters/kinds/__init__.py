"""Every kind of letter: what it tells about, what it needs, what its text may say."""
