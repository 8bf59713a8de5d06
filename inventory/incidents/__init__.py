"""Incidents: what has happened, who is affected, and the requests that follow from the needs norms."""
