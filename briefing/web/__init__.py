"""The briefing as one HTML file: nothing is fetched, no script, prints on A4."""
