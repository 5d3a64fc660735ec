"""The glossary: each term once, with a place that has it, from words known before; and the links."""

import re
from graphlib import TopologicalSorter

import pytest
from bs4 import NavigableString
from conftest import parsed
from docutils.nodes import make_id
from test_book import CHAPTERS, ROOT, anchors, every_chapter, prose

TEXT = (ROOT / "book" / "h_glossary.md").read_text("utf8")
PLACE = re.compile(r"Chapter (\d+), \{(section|doc)\}`(?:[^`<]*<)?([^`#>]+)(?:#([^`]+))?>?`\.$")
STEMS = {path.stem: path for path in CHAPTERS}


def entries():
    """Return {term: (definition, its other forms or None where it is not linked)}."""
    listed = "\n".join(re.findall(r"^```\{glossary\}\n(.*?)^```", TEXT, re.M | re.S))
    found = {}
    for block in re.split(r"\n(?=\S)", listed.strip()):
        term, _, rest = block.partition("\n")
        assert term not in found, term
        definition, *comment = [part.strip() for part in rest.strip().split("\n\n")]
        said = comment[0] if comment else "% linked:"
        assert re.match(r"% (linked|not linked)\b", said), term
        others = [form.strip() for form in said.partition(":")[2].split(",") if form.strip()]
        found[term] = definition, None if said.startswith("% not") else others
    return found


GLOSSARY = entries()
every_term = pytest.mark.parametrize("term", GLOSSARY)


def whole(form):
    """Return the pattern of a form as a whole word, at the beginning of a sentence too."""
    return rf"{begun(form)}(?![\w-])"


def begun(form):
    """Return the pattern of a form, with any ending."""
    return rf"(?<![\w-])(?i:{form[0]}){re.escape(form[1:])}"


def place(term):
    """Return (chapter's number, its file's stem, anchor or None) of an entry."""
    number, _, stem, anchor = PLACE.search(GLOSSARY[term][0]).groups()
    return int(number), stem, anchor


def meaning(term):
    """Return a definition without its place, its synonyms, and names in italics."""
    own = re.sub(r"Also .*|Chapter \d+, .*", "", GLOSSARY[term][0])
    return re.sub(r"\*[^*]+\*", " ", own).strip()


def test_there_are_the_terms_of_a_course_in_their_order():
    assert 80 <= len(GLOSSARY) <= 130
    assert list(GLOSSARY) == sorted(GLOSSARY, key=str.lower)


def test_each_term_stands_in_the_section_of_its_letter():
    for first, last, listed in re.findall(r"^## (\w) to (\w)\n(.*?)(?=^## |\Z)", TEXT, re.M | re.S):
        terms = re.findall(r"^(?!```)(\S.*)$", listed, re.M)
        assert terms
        assert [term for term in terms if not first <= term[0].upper() <= last] == []


def test_no_form_leads_to_two_entries():
    forms = [f.lower() for term, (_, others) in GLOSSARY.items() for f in [term, *(others or ())]]
    assert sorted(forms) == sorted(set(forms))


@every_term
def test_a_definition_is_short_and_ends_with_a_place_that_exists(term):
    number, stem, anchor = place(term)
    assert stem in STEMS
    assert number == int(stem[:2])
    assert anchor is None or anchor in anchors(STEMS[stem])
    assert 1 <= len(re.findall(r"[.:;](?= |$)", meaning(term))) <= 5
    assert len(meaning(term).split()) <= 50


# What a section says in other words.
OTHERWISE = {
    "exploding gradient": ["explodes"],
    "Hadamard product": ["entry by entry"],
    "step function": ["step"],
    "vanishing gradient": ["vanishes"],
    "Xavier's variance": ["variance of Xavier"],
}


@every_term
def test_the_place_has_the_term(term):
    _, stem, anchor = place(term)
    text = re.sub(r"[*`]", "", prose(STEMS[stem]))
    if anchor:
        parts = re.split(r"^(#+ .*)$", text, flags=re.M)
        titles = [make_id(re.sub(r"^#+ |[`*$]", "", part)) for part in parts[1::2]]
        text = "".join(parts[1:][2 * titles.index(anchor) :][:2])
    words = [term, *(GLOSSARY[term][1] or ()), *OTHERWISE.get(term, ())]
    assert any(re.search(begun(word), text) for word in words)


def test_no_definition_needs_itself():
    """Go through the definitions in an order in which each uses terms before it alone."""
    forms = {f: term for term, (_, others) in GLOSSARY.items() for f in [term, *(others or ())]}
    forms |= {f"{term}s": term for term in GLOSSARY}
    longest = sorted(forms, key=len, reverse=True)
    needs = {}
    for term in GLOSSARY:
        text, needs[term] = meaning(term), set()
        for form in longest:
            if re.search(whole(form), text):
                needs[term].add(forms[form])
                text = re.sub(whole(form), " ", text)
    assert len(list(TopologicalSorter(needs).static_order())) == len(GLOSSARY)


# ---- the built pages ----


def ids(site):
    """Return {form: id of its entry} of what is linked, as the built page has it."""
    page = parsed(site / "book" / "h_glossary.html")
    shown = {plain(dt.find(string=True)): dt["id"] for dt in page.select("dl.glossary dt")}
    assert list(shown) == list(GLOSSARY)
    return {
        form: shown[term]
        for term, (_, others) in GLOSSARY.items()
        if others is not None
        for form in [term, *others]
    }


def plain(text):
    return text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")


def sentences(page):
    """Return the texts of a page in which a term may be linked; what is closed parts them."""
    found = []
    for p in page.select("article p"):
        if p.find_parent(["details", "figure", "table", "form"]):
            continue
        if p.find_parent(class_=["prediction", "admonition", "cell"]) or p.find_parent(
            "section", id=["exercises", "sources"]
        ):
            continue
        item = p.find_parent("li")
        if item and item.get("id", "").startswith("objective-"):
            continue
        if re.match(r"Exercise \d+\.\d+ ", p.get_text()):
            continue
        found.append(plain("".join(open_parts(p))))
    return found


def open_parts(node):
    for part in node.children:
        if isinstance(part, NavigableString):
            yield str(part)
        elif part.name == "a" and "term" in part.get("class", ()):
            yield part.get_text()
        elif part.name in ("a", "code", "strong", "em") or "math" in part.get("class", ()):
            yield "\n|\n"
        else:
            yield from open_parts(part)


@every_chapter
def test_the_first_use_of_each_term_is_linked_once(site, path):
    page = parsed(site / "book" / f"{path.stem}.html")
    bold = {strong.get_text().lower() for strong in page.select("article strong")}
    forms = ids(site)
    here = {term for term in GLOSSARY if place(term)[1] == path.stem}
    closed = {forms[f] for f in forms if f in here or f.lower() in bold}
    wanted = []
    longest = "|".join(whole(form) for form in sorted(forms, key=len, reverse=True))
    for text in sentences(page):
        for use in re.finditer(longest, text):
            [entry] = {forms[f] for f in forms if re.fullmatch(whole(f), use[0])}
            if entry not in closed:
                closed.add(entry)
                wanted.append((f"h_glossary.html#{entry}", use[0]))
    links = [(a["href"], plain(a.get_text())) for a in page.select("article a.term")]
    assert links == wanted
    assert len({href for href, _ in links}) == len(links)
    assert len(links) <= 30  # more would be a thicket


def test_terms_are_linked_in_chapters_alone(site):
    pages = [path for path in site.glob("book/*.html") if not path.stem[:2].isdigit()]
    assert pages
    assert [path.name for path in pages if parsed(path).select("a.term")] == []
    assert sum(len(parsed(p).select("a.term")) for p in site.glob("book/[0-9]*.html")) > 100


@every_term
def test_a_place_leads_to_its_section(site, term):
    page = parsed(site / "book" / "h_glossary.html")
    terms = {plain(dt.find(string=True)): dt for dt in page.select("dl.glossary dt")}
    link = terms[term].find_next("dd").select("a.internal")[-1]
    name, _, anchor = link["href"].partition("#")
    assert name == f"{place(term)[1]}.html"
    assert anchor == (place(term)[2] or "")
    target = parsed(site / "book" / name)
    assert target.find(id=anchor) if anchor else target.find("h1")
