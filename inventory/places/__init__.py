"""Where things and people are: divisions, sites, points, and how long it takes from one to another."""
