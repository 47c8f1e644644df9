"""The network: its layers, their parameters, and the initial values of these."""
