"""Parts that every screen is built of: look, words, one errand per click, tables, downloads, the way in."""
