"""A letter tried before there is one."""
