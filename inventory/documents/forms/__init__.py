"""One module per paper: how its data become a form, a letter or labels."""
