"""The sections of the drops page: what an office does with a drop, from upload to withdrawal."""
