"""What makes the chapters executable: equation checks, figures, explorers, graders.

bookkit imports backprop, never the other way.
"""

# set in the environment: by the build of the site, and by the command that grades
BUILDING = "BOOK_BUILD"
VARIANT = "BOOK_VARIANT"
