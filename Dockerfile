FROM python:3.13-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 QHENV_VAR=/srv/var
WORKDIR /srv/qhenv

# The lock alone first: the layer is made again only when it changes.
COPY requirements/run.txt requirements/run.txt
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements/run.txt

COPY . .

# The folder of the volume belongs to the user before the volume is first mounted over it, and so does the volume then.
RUN useradd --uid 10001 --no-create-home qhenv && mkdir "$QHENV_VAR" && chown qhenv "$QHENV_VAR"
USER qhenv

EXPOSE 8000
CMD ["gunicorn", "qhenv.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "4", "--threads", "4", "--no-control-socket", "--access-logfile", "-"]
