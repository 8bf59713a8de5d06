"""What stands on each paper, as frozen plain values; one file per errand, checked when they are made."""
