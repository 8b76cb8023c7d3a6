"""The values that travel through the program. Standard library only, frozen, no I/O."""
