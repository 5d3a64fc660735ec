"""What makes the chapters executable: equation checks, figures, explorers, graders.

bookkit imports backprop, never the other way.
"""
