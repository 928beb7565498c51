"""Streamlit pages: ask metrics, draw with components."""
