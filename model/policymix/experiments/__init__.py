"""Experiments that hold the model against what was published, claimed and must be."""
