"""Words that Streamlit itself writes in English, for the translation in the browser.

After an upgrade of Streamlit the check of the page text finds new ones; they are added here.
"""

from __future__ import annotations

from functools import cache

from inventory.core.words import N_, speaker

STREAMLIT_WORDS = (
    N_("Choose an option"),
    N_("Choose options"),
    N_("Select all"),
    N_("No results"),
    N_("No options to select."),
    N_("Press Enter to apply"),
    N_("Press Enter to submit form"),
    N_("Upload"),
    N_("Browse files"),
    N_("Drag and drop file here"),
    N_("Drag and drop files here"),
    N_("Remove file"),
    N_("Take Photo"),
    N_("Clear photo"),
    N_("This app would like to use your camera."),
    N_("Learn how to allow access."),
    N_("Connection error"),
    N_("Connecting"),
    N_("Connecting..."),
    N_("Running..."),
    N_("Stop"),
    N_("Close"),
    N_("Clear"),
    N_("Clear all"),
    N_("Clear value"),
    N_("Search"),
    N_("Type to search"),
    N_("Download as CSV"),
    N_("Fullscreen"),
    N_("Close fullscreen"),
    N_("Show/hide columns"),
    N_("Sort ascending"),
    N_("Sort descending"),
    N_("Autosize"),
    N_("Pin column"),
    N_("Unpin column"),
    N_("Hide column"),
    N_("Format"),
    N_("empty"),
    N_("Settings"),
    N_("Print"),
    N_("Rerun"),
    N_("Theme"),
    N_("Light"),
    N_("Dark"),
    N_("System"),
    N_("Wide mode"),
    N_("Skip to main content"),
    N_("Pagination"),
    N_("Next page"),
    N_("Previous page"),
    N_("View more"),
    N_("View less"),
    N_("Page not found"),
    N_("Show password text"),
    N_("Hide password text"),
    N_("Something went wrong"),
    N_("Copy to clipboard"),
    N_("Copied"),
    N_("Help"),
    N_("App pages"),
    N_("Sidebar"),
    N_("Collapse sidebar"),
    N_("Expand sidebar"),
    N_("Logo"),
    N_("Navigate to home page"),
    N_("Open"),
    N_("Increment"),
    N_("Decrement"),
    N_("Choose date and time"),
    N_("Selected values"),
    N_("Show password"),
    N_("Hide password"),
    N_("file upload"),
)

STREAMLIT_PATTERNS = (
    (r"^Page (\d+)$", N_("Page %(page)s"), "page"),
    (r"^Shortcut (.+)$", N_("Shortcut %(keys)s"), "keys"),
    (r"^Help for (.+)$", N_("Help for %(field)s"), "field"),
    (r"^Remove (.+)$", N_("Remove %(name)s"), "name"),
    (r"^year, (.+)$", N_("year, %(field)s"), "field"),
    (r"^month, (.+)$", N_("month, %(field)s"), "field"),
    (r"^day, (.+)$", N_("day, %(field)s"), "field"),
    (r"^hour, (.+)$", N_("hour, %(field)s"), "field"),
    (r"^minute, (.+)$", N_("minute, %(field)s"), "field"),
)
"""Texts with something in them: the pattern in the browser, the sentence, the name of what stands in it."""


@cache
def translations(language: str) -> dict[str, str]:
    """Return Streamlit's word → ours, for the words that differ in `language`."""
    say = speaker(language)
    return {word: say(word) for word in STREAMLIT_WORDS if say(word) != word}


@cache
def patterns(language: str) -> list[list[str]]:
    """Return pattern and replacement (`$1` is what stands in it) of Streamlit's texts that are not always the same."""
    say = speaker(language)
    return [[pattern, say(sentence) % {name: "$1"}] for pattern, sentence, name in STREAMLIT_PATTERNS]
