"""The product at work, on this machine, from nothing: `make demo`."""
