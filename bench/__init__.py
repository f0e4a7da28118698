"""Benchmarks: the product's own parts against real Git and PostgreSQL, beside what limits them."""
