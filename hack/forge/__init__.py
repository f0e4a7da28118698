"""A forge to try the controller on: built and run on this machine."""
