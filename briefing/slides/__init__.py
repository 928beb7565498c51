"""The briefing as PowerPoint slides with native charts and tables, everything editable."""
