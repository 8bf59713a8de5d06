"""Tongdiao: emergency supplies, rescue teams and communications equipment of a district and its towns."""
