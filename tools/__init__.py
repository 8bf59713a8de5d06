"""What the workshop needs: checks of the house, words, fonts. Nothing here runs in the program."""
