"""Tables in and out: spreadsheets and CSV read in a limited child process, all problems listed at once."""
