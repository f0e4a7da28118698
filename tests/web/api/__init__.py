"""The API, asked by a client that knows its documented shapes only."""
