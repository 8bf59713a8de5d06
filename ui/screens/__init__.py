"""One file per screen; Streamlit runs them as pages. What they share stands in `ui.parts`."""
