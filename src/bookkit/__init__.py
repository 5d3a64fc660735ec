"""What makes the chapters executable: equation checks, figures, explorers, graders.

bookkit imports backprop, never the other way.
"""

BUILDING = "BOOK_BUILD"  # set in the environment by the build of the site
