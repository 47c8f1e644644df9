"""Estimators: the scikit-learn layer, from users' parameters and data to a network."""
