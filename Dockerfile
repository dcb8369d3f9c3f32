# Stage 1 has torch: it exports the model to int8 ONNX once. Stage 2 has none: it serves.
# The steps are those of the Makefile and of .ci/runtime_only.sh, which CI runs without Docker.
FROM python:3.11-slim-bookworm AS model
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY qa ./qa
COPY .ci/check_install.py ./.ci/
# The CPU build of torch; without this index pip would bring CUDA in.
RUN pip install --no-cache-dir -c constraints.txt \
        --extra-index-url https://download.pytorch.org/whl/cpu '.[model]' \
    && python .ci/check_install.py
ENV QA_CACHE=/cache
RUN python -c "from pathlib import Path; from qa.embedder import default_export; default_export(Path('/cache'))"

FROM python:3.11-slim-bookworm
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY qa ./qa
RUN pip install --no-cache-dir -c constraints.txt . \
    && useradd --create-home --uid 10001 dateline \
    && install -d -o dateline -g dateline /archive
COPY --from=model --chown=dateline:dateline /cache /cache
ENV QA_CACHE=/cache QA_INDEX=/archive QA_HOST=0.0.0.0 QA_PORT=8000
USER dateline
WORKDIR /home/dateline
VOLUME /archive
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/livez', timeout=2)"]
# Fill the volume first:  docker run -v dateline:/archive -v $PWD/news:/news IMAGE ingest /news
ENTRYPOINT ["qa"]
CMD ["serve"]
