"""Bytes of a drop to rows of text with their row numbers.

`open_drop` surveys a file once (checksum, encoding, line structure), finds its delimiter and header, and
says which of two paths can read it: DuckDB's parallel CSV reader when every line is regular, or our own
line-by-line reader, slower, which loses nothing of an irregular file. Row numbers are those a person sees
in a spreadsheet: the header is row 1.
"""

from etl.reader.drop import Drop, open_drop
from etl.reader.parts import Part, open_parts

__all__ = ["Drop", "Part", "open_drop", "open_parts"]
