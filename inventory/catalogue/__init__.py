"""What there is: items with their units and packs, the needs norms, and the open lists of terms."""
