"""The briefing as a Word document laid out like GB/T 9704, editable, with native charts."""
