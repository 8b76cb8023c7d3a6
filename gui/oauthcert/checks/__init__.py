"""Judges evidence: `judge` turns what was seen of all servers into findings and causes. Pure; no I/O, no clock of its own."""
