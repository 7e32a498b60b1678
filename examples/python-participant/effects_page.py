"""Serves the number of effects of a referral over HTTP: GET /effects?referralId=… returns {"count": 1}."""

import json
import sqlite3
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse


def serve_effects(file, port):
    """Serves in the background, and returns the port."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            url = urlparse(self.path)
            referral = parse_qs(url.query).get("referralId", [""])[0]
            if url.path != "/effects":
                self.send_error(404)
                return
            database = sqlite3.connect(file)
            query = "SELECT count(*) FROM effect WHERE referral = ?"
            count = database.execute(query, (referral,)).fetchone()[0]
            database.close()
            body = json.dumps({"count": count}).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]
