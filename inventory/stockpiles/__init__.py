"""How much there should be: targets and gaps, what expires, for how many days it lasts."""
