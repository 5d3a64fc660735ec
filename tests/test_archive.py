"""The archive that the site carries: what a reader needs to run the course, and nothing else."""

import re
import shutil
import subprocess
import sys
import zipfile

import pytest
from conftest import ROOT, opened, parsed

sys.path.append(str(ROOT / "book/_ext"))
import archive

FOLDER = "the-four-equations/"


@pytest.fixture(scope="module")
def unpacked(site, tmp_path_factory):
    folder = tmp_path_factory.mktemp("archive")
    with zipfile.ZipFile(site / "the-four-equations.zip") as packed:
        names = packed.namelist()
        assert all(name.startswith(FOLDER) for name in names)
        packed.extractall(folder)
    return folder / FOLDER


def test_every_page_leads_to_the_archive(site):
    for path in [*site.glob("book/*.html"), site / "search.html"]:
        [link] = [
            a for a in parsed(path).select("a[download]") if a.get_text() == "Run it yourself"
        ]
        assert (path.parent / link["href"]).resolve() == site / "the-four-equations.zip"


def test_it_holds_the_notebooks_as_they_are(unpacked):
    names = {path.name for path in (ROOT / "book").glob("*.ipynb")}
    assert {path.name for path in unpacked.glob("*.ipynb")} == names
    for name in names:
        assert (unpacked / name).read_bytes() == (ROOT / "book" / name).read_bytes()


def test_its_two_commands_install_what_the_book_was_made_with(unpacked):
    commands = re.findall(r"^    (\S.*)$", (unpacked / "README.txt").read_text("utf8"), re.M)
    assert commands[0] == "python -m pip install -r requirements.txt"
    assert (unpacked / commands[1].removeprefix("jupyter lab ")).is_file()
    pinned = (ROOT / "requirements.in").read_text("utf8").splitlines()
    *versions, wheel = (unpacked / "requirements.txt").read_text("utf8").splitlines()
    assert {"numpy", "ipywidgets", "jupyterlab"} <= {v.partition("==")[0] for v in versions}
    assert set(versions) <= set(pinned)
    assert (unpacked / wheel).is_file()


def test_its_wheel_is_the_two_packages(unpacked):
    [wheel] = unpacked.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        modules = {name for name in packed.namelist() if name.endswith(".py")}
        for name in modules:
            assert packed.read(name) == (ROOT / "src" / name).read_bytes()
    there = {p.relative_to(ROOT / "src").as_posix() for p in (ROOT / "src").rglob("*.py")}
    assert modules == there
    code = (
        f"import sys; sys.path.insert(0, {str(wheel)!r}); import backprop; print(backprop.__file__)"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True)
    assert done.stdout.startswith(str(wheel)), done.stderr


def test_the_site_can_be_taken_along_whole(site, browser, tmp_path):
    with zipfile.ZipFile(site / "the-four-equations-site.zip") as packed:
        packed.extractall(tmp_path)
    folder = tmp_path / "the-four-equations"
    there = {p.relative_to(site) for p in site.rglob("*") if p.is_file()}
    held = {p.relative_to(folder) for p in folder.rglob("*") if p.is_file()}
    assert {str(p) for p in there - held} <= {"the-four-equations-site.zip", ".buildinfo"}
    assert all((site / path).read_bytes() == (folder / path).read_bytes() for path in held)
    with opened(browser, folder / "index.html") as page:
        page.wait_for_url("**/book/index.html")
        page.get_by_role("link", name="Gradient descent").first.click()
        page.wait_for_url("**/06_gradient_descent.html")
        assert page.seen == []


def test_the_first_page_says_how_large_it_is(site):
    said = parsed(site / "book/index.html").select_one(".offline-size").get_text()
    size = (site / "the-four-equations-site.zip").stat().st_size
    assert said == f"{len(list(site.glob('book/*.html')))} pages, {-(-size // 10**6)} MB"


def test_each_foreign_part_of_the_site_has_its_license(site):
    text = (site / "licenses.txt").read_text("utf8")
    for name in ("KaTeX", "furo", "Sphinx", "sphinx-copybutton", "myst-nb", "Pygments"):
        part = text.partition(f"\n{name}: ")[2].partition("\n" + "=" * 78 + "\n\n")[2]
        assert re.search("(?i)copyright", part.partition("=" * 78)[0]), name


@pytest.mark.parametrize(
    "changed", ["src/bookkit/scripts/draw.js", "src/backprop/costs.py", "pyproject.toml", "LICENSE"]
)
def test_the_wheel_is_built_again_when_what_it_is_made_of_has_changed(
    tmp_path, monkeypatch, changed
):
    alike = ("src/bookkit/scripts/draw.js", "src/backprop/costs.py", "book/_ext/archive.py")
    for name in (*alike, *archive.BESIDE):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    built, kept = [], tmp_path / "kept"
    kept.mkdir()

    def build(root, folder):
        built.append(root)
        (folder / "some.whl").touch()

    monkeypatch.setattr(archive, "build_wheel", build)
    for _ in range(2):
        assert archive.kept_wheel(tmp_path, kept).name == "some.whl"
    assert len(built) == 1
    (tmp_path / changed).write_text((tmp_path / changed).read_text("utf8") + "\n", "utf8")
    archive.kept_wheel(tmp_path, kept)
    assert len(built) == 2
