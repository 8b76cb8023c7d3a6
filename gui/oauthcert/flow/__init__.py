"""The wizard's steps and rules as plain data: no Qt, no I/O, no texts."""
