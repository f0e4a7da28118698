"""The command line: Typer commands, no logic. May import everything."""
