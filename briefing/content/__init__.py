"""The content of a briefing: figures asked of metrics, gathered into sections. One module per section."""
