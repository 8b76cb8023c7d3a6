"""Questions and their answers: a probe is a script function and a parser. Asks nothing itself; `remote/` does."""
