"""Tests that use the window."""
