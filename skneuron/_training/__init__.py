"""Training: epochs and iterations, when to stop, and the state kept between calls."""
