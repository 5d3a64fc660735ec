"""What makes the chapters executable: equation checks, figures, explorers, graders.

bookkit imports backprop, never the other way.
"""

# Set in the environment: by the build of the site, to the folder of what it has computed with this
# state of src; and by the command that grades.
BUILDING = "BOOK_BUILD"
VARIANT = "BOOK_VARIANT"
