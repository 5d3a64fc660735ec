"""What an extension finds on each page, kept with the environment until the page is read again."""


def found_on(env, name):
    """Return {page: what was found}, of the extension of this name."""
    if not hasattr(env, name):
        setattr(env, name, {})
    return getattr(env, name)


def keep(app, name):
    """Forget what was found on a page when it is read again, and join what was read side by side."""

    def forget(app, env, page):
        found_on(env, name).pop(page, None)

    def merge(app, env, pages, other):
        found = found_on(other, name)
        found_on(env, name).update({page: found[page] for page in pages if page in found})

    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
