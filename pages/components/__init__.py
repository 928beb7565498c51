"""What pages draw with: filters, cards, charts, tables, notes."""
