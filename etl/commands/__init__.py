"""Commands of `python -m etl`: one file each, found by looking in this folder.

A command has HELP (one sentence), add_arguments(parser) and run(args) -> exit code. Results for programs go
to stdout, sentences for people to stderr.
"""
