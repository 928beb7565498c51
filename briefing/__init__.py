"""Leadership briefings: docx, pptx and html from the same observations as the dashboard."""
