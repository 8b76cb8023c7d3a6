"""What to do about findings: plans from evidence, the engine that carries them out, and the journal it can be recovered from."""
