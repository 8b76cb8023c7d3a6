"""Tests of the wizard without a window."""
