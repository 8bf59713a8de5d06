"""Who and what can go: rescue teams, vehicles, and devices with the reasons why one cannot be sent."""
