"""Tests of the screens and of the parts they are built of."""
