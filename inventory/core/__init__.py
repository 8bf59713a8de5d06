"""Ground floor: identifiers, time, refusals, words, quantities, the database and the one commit. It imports no room."""
