"""Tests of the practice deployment."""
