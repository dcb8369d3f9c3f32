#!/usr/bin/env bash
# The image's last stage without a Docker engine: the runtime requirements alone, no torch, serve an
# archive that the full environment built. The same steps as the Dockerfile takes.
set -euo pipefail
cd "$(dirname "$0")/.."
make .venv/run
work=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$work"' EXIT

export QA_CACHE="$work/cache" QA_INDEX="$work/index" QA_PORT=8123
.venv/bin/qa ingest seeds

"${PYTHON:-python3}" -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --disable-pip-version-check --quiet -c constraints.txt .
for absent in torch transformers sentence_transformers; do
    if "$work/venv/bin/python" -c "import $absent" 2>/dev/null; then
        echo "the runtime requirements bring $absent in" >&2
        exit 1
    fi
done

cd "$work"  # so that the installed package is used, not this folder
"$work/venv/bin/qa" serve &
server=$!
"$work/venv/bin/python" - <<'PY'
import json, os, time, urllib.request

base = f"http://127.0.0.1:{os.environ['QA_PORT']}"
for _ in range(100):
    try:
        urllib.request.urlopen(base + "/readyz", timeout=5).read()
        break
    except OSError:
        time.sleep(0.2)
answer = json.load(urllib.request.urlopen(base + "/v1/ask?q=What+happened+to+the+ferry%3F", timeout=20))
assert answer["citations"], answer
print("runtime only: served", answer["citations"][0]["source"], answer["citations"][0]["published"]["date"])
PY
