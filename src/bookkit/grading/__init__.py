"""Grading what students hand in: their code runs in a sandbox, its results are judged outside of it."""
