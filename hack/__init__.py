"""What surrounds the controller in development: a local cluster, a Git server, packs, the demo."""
