"""Benchmarks: speed and growth against plain pywinrm, in the same run, on the same practice servers."""
