"""Print the built site as one PDF: cover, contents with page numbers, chapters, solutions.

make pdf calls it with the site and the file to write. The pages are joined into one, which Chromium
prints twice: the first time to learn on which sheet each heading stands.
"""

import os
import re
import shutil
import sys
import tempfile
from html import escape
from pathlib import Path

import pypdf
import yaml
from playwright.sync_api import sync_playwright
from sphinx_external_toc.parsing import parse_toc_yaml

ROOT = Path(__file__).resolve().parent.parent
ARTICLE = re.compile(r"<article[^>]*>(.*)</article>", re.S)
STYLE = re.compile(r'<link rel="stylesheet"[^>]*href="([^"?]*)')
NAME = re.compile(r' (id|for|aria-labelledby|aria-describedby|aria-controls|list|name)="([^"]+)"')
LINK = re.compile(r' ((?:xlink:)?href)="([^"]*)"')
SOURCE = re.compile(r' src="(?!data:)([^"]*)"')
PAINT = re.compile(r"url\((&quot;)?#")
SCRIPT = re.compile(r"<script\b.*?</script>|<noscript>.*?</noscript>", re.S)
VARIABLES = re.compile(r"<head>.*?(<style>.*?</style>).*?</head>", re.S)  # Furo's, and the palette
# what only a notebook needs: its set-up, and the code of its pictures
LEFT_OUT = re.compile(
    r'<details class="(?:drawing|hidden-cell)">\s*'
    r"<summary>(?:Show the code of the picture|Set-up of the notebook)</summary>.*?</details>", re.S
)  # fmt: skip
EXERCISE = re.compile(r'id="[^"]*exercise-(\d+)-(\d+)-question"')
FOUR = re.compile(r'id="[^"]*equation-eq-bp[1-4]".*?<div class="formula"[^>]*>(.*?)</div>', re.S)
SOLUTION = re.compile(
    r'<details class="hidden-cell">\s*<summary>Show the solution</summary>(.*?)</details>', re.S
)
HEADING = re.compile(
    r'<section[^>]* id="([^"]+)"[^>]*>\s*(?:<span id="[^"]*"></span>)*\s*<h([12])>(.*?)'
    r'<a class="headerlink"', re.S
)  # fmt: skip
STYLES = """
@page { size: A4; margin: 18mm 17mm 20mm; }
@page { @bottom-center { content: counter(page); font: 9pt sans-serif; } }
@page cover { @bottom-center { content: ""; } }
.cover { page: cover; break-after: page; padding-top: 70mm; text-align: center; }
.cover h1 { font-size: 34pt; margin: 0 0 6mm; }
.cover .equations { margin: 18mm 0; line-height: 2.4; }
.edition-contents ol, .edition-contents ul { list-style: none; padding: 0; margin: 0; }
.edition-contents > ol > li { margin-top: 2.5mm; font-weight: 600; break-inside: avoid; }
.edition-contents ul { font-weight: 400; font-size: 9.5pt; padding-left: 6mm; }
.edition-contents a { display: flex; color: inherit; text-decoration: none; }
.edition-contents .dots { flex: 1; margin: 0 2mm; border-bottom: 1px dotted currentColor; height: 0.8em; }
.sheet { break-before: page; }
.sheet ol { padding-left: 2.5em; }
.errata-line a { white-space: nowrap; }
.headerlink, .chapter-picture { display: none; }
.solution { margin: 4mm 0; }
.solution h3 { margin: 0 0 1mm; font-size: 11pt; break-after: avoid; }
"""


class EditionError(Exception):
    """The edition cannot be made; the message says what is missing."""


def pages_of(site, names=None):
    """Return {name of a page: its HTML}, of all in the order of the contents, or of these."""
    toc = parse_toc_yaml(ROOT / "_toc.yml")
    listed = [toc.root.docname, *(str(item) for tree in toc.root.subtrees for item in tree.items)]
    names = names or listed
    missing = [name for name in names if not (site / f"{name}.html").exists()]
    if missing:
        raise EditionError(f"{site} has no page {missing[0]}.html: run make book")
    return {name: (site / f"{name}.html").read_text("utf8") for name in names}


def joined(page, name, site):
    """Return the article of a page as a part of one document: its ids and links carry its name."""
    stem, folder = Path(name).name, (site / name).parent

    def link(found):
        attribute, target = found.groups()
        path, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target):
            return found[0]
        other = Path(path).stem if path.endswith(".html") else "" if path else stem
        return f' {attribute}="#{other}--{anchor or "top"}"' if other else ""

    [article] = ARTICLE.findall(page)
    article = LEFT_OUT.sub("", SCRIPT.sub("", article))
    article = NAME.sub(
        lambda m: f' {m[1]}="{" ".join(f"{stem}--{one}" for one in m[2].split())}"', article
    )
    article = LINK.sub(link, article)
    article = SOURCE.sub(lambda m: f' src="{(folder / m[1]).resolve().as_uri()}"', article)
    return PAINT.sub(rf"url(\1#{stem}--", article)


def apart(article, stem):
    """Return an article with its solutions replaced by links, and the solutions, linked back."""
    questions, solutions = list(EXERCISE.finditer(article)), []

    def moved(found):
        chapter, exercise = [q for q in questions if q.start() < found.start()][-1].groups()
        back, there = (
            f"{stem}--exercise-{chapter}-{exercise}-question",
            f"solution-{chapter}-{exercise}",
        )
        solutions.append(
            f'<div class="solution"><h3 id="{there}"><a href="#{back}">'
            f"Exercise {chapter}.{exercise}</a></h3>{found[1]}</div>"
        )
        return f'<p class="to-solution"><a href="#{there}">Solution of {chapter}.{exercise}</a></p>'

    return SOLUTION.sub(moved, article), solutions


def contents(headings, sheets):
    """Return the contents: (id, level, title) and on which sheet each id stands."""
    entries = []
    for anchor, level, title in headings:
        line = f'<a href="#{anchor}"><span>{title}</span><span class="dots"></span>'
        line += f"<span>{sheets.get(anchor, '')}</span></a>"
        if level == 1:
            entries.append((line, []))
        else:
            entries[-1][1].append(f"<li>{line}</li>")
    items = (f"<li>{line}<ul>{''.join(below)}</ul></li>" for line, below in entries)
    return f'<nav class="edition-contents"><h1>Contents</h1><ol>{"".join(items)}</ol></nav>'


def document(pages, site):
    """Return a function of {id: sheet} that gives the whole edition as one page of HTML."""
    styles, parts, headings, solutions = {}, [], [], []
    for name, page in pages.items():
        stem = Path(name).name
        styles |= dict.fromkeys((site / name).parent / href for href in STYLE.findall(page))
        article, solved = apart(joined(page, name, site), stem)
        found = [
            (a, int(level), re.sub(r"<[^>]+>", "", t)) for a, level, t in HEADING.findall(article)
        ]
        headings += found if solved else found[:1]
        parts.append(f'<article class="sheet" id="{stem}--top">{article}</article>')
        if solved:
            chapter = f'<h2 id="solutions-{stem}">{found[0][2]}</h2>'
            solutions.append((f"solutions-{stem}", 2, found[0][2], chapter + "".join(solved)))
    headings.append(("solutions", 1, "Solutions"))
    headings += [(anchor, level, title) for anchor, level, title, _ in solutions]
    answers = "".join(html for *_, html in solutions)
    parts.append(f'<article class="sheet"><h1 id="solutions">Solutions</h1>{answers}</article>')
    links = "".join(f'<link rel="stylesheet" href="{path.resolve().as_uri()}">' for path in styles)
    title, author = said("title"), said("author")
    cover = f'<div class="cover"><h1>{title}</h1><p>An executable course on backpropagation</p>'
    cover += f'<div class="equations">{"<br>".join(FOUR.findall("".join(parts)))}</div>'
    cover += f"<p>{author}</p></div>"
    head = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{links}'
    )
    [variables] = VARIABLES.findall(page)
    head += f'{variables}<style>{STYLES}</style></head><body data-theme="light">'
    head += f'<div class="page"><div class="main"><div class="content">{cover}'
    tail = "</div></div></div></body></html>"
    return lambda sheets: f"{head}{contents(headings, sheets)}{''.join(parts)}{tail}"


def said(key):
    """Return a line of _config.yml."""
    return escape(yaml.safe_load((ROOT / "_config.yml").read_text("utf8"))[key])


def sheets_of(pdf):
    """Return {id: number of the sheet} of all that the document's own links lead to."""
    numbers = {page.indirect_reference.idnum: i for i, page in enumerate(pdf.pages, 1)}
    found = pdf.named_destinations.items()
    return {name.removeprefix("/"): numbers[to.page.idnum] for name, to in found}


def make(site, path, browser, names=None):
    """Write the edition, of these pages or all, and return how many sheets it has.

    It is there whole or not at all. EditionError where the site has no such page.
    """
    filled, sheets = document(pages_of(site, names), site), {}
    path.parent.mkdir(parents=True, exist_ok=True)
    page = browser.new_page(java_script_enabled=False)
    page.set_default_timeout(300_000)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        source, printed = Path(folder) / "edition.html", Path(folder) / "edition.pdf"
        for last in (False, True):
            source.write_text(filled(sheets), "utf8")
            page.goto(source.resolve().as_uri())
            page.pdf(path=printed, prefer_css_page_size=True, outline=last, tagged=last)
            with pypdf.PdfReader(printed) as pdf:
                sheets, count = sheets_of(pdf), len(pdf.pages)
        os.replace(printed, path)
    page.close()
    return count


def main(site, path):
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        sys.exit("error: no Chromium on PATH: install Debian's package chromium, or Google Chrome")
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        try:
            count = make(Path(site), Path(path), browser)
        except EditionError as error:
            sys.exit(f"error: {error}")
    print(f"{path}: {count} pages")


if __name__ == "__main__":
    main(*sys.argv[1:])
