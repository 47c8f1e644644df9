"""The network: its layers, their parameters, and how these start."""
