"""The exercises of chapter 12, overfitting."""

EXERCISES = {}
