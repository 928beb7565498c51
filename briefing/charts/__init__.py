"""Native, editable charts for Word and PowerPoint (both hold the same chart part), and colours for all formats."""
