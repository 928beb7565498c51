"""Leadership briefings: the figures of a build as a Word document, slides and one web page.

Content is built once (`content/` → `model.Briefing`) and then written by one writer per format, so that paper,
screen and slides cannot disagree. Everything is asked of `metrics/`.
"""
