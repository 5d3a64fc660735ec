"""Links that need a public repository: source, edit this page, Binder, Colab.

They are made from _config.yml's repository.url, which Jupyter Book hands on as a theme
option.
While it is empty, no page has any of them.
"""

from urllib.parse import quote


def page_links(url, branch, source):
    """Return (text, address) for the page whose source file is given."""
    if not url:
        return []
    links = [("Edit this page", f"{url}/edit/{branch}/{source}")]
    host, _, project = url.removeprefix("https://").partition("/")
    binder = "https://mybinder.org/v2/gh"
    colab = "https://colab.research.google.com/github"
    if source.endswith(".ipynb") and host == "github.com":
        lab = quote(f"lab/tree/{source}", safe="")
        ref = quote(branch, safe="")
        links += [
            ("Binder", f"{binder}/{project}/{ref}?urlpath={lab}"),
            ("Colab", f"{colab}/{project}/blob/{branch}/{source}"),
        ]
    return links


def read_settings(app, config):
    options = config.html_theme_options
    config.html_context["repository_url"] = (options.get("repository_url") or "").rstrip("/")
    config.html_context["repository_branch"] = options.get("repository_branch") or "main"


def add_links(app, pagename, templatename, context, doctree):
    source = pagename + context.get("page_source_suffix", "") if doctree else ""
    url, branch = context["repository_url"], context["repository_branch"]
    context["page_links"] = page_links(url, branch, source) if source else []


def setup(app):
    # before theme.py, which drops Jupyter Book's options
    app.connect("config-inited", read_settings, priority=400)
    app.connect("html-page-context", add_links)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
