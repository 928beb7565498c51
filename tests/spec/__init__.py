"""Specs: drawn tables in, numbers out, through the real pipeline. They read as the definitions' examples."""
