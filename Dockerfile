# One image for every process: web and sockets on port 8081, the worker, and the commands.
#   docker build -t jyoti . && docker compose up -d      (compose.yaml says what it needs)

FROM node:24-bookworm-slim AS client
WORKDIR /client
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY frontend/ ./
RUN npm run build


FROM python:3.13-slim-bookworm AS packages
WORKDIR /packages
RUN python -m venv /opt/venv
COPY requirements.lock ./
RUN /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check \
    --no-deps --only-binary :all: --require-hashes -r requirements.lock


FROM python:3.13-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings.production \
    HOST=0.0.0.0 \
    PORT=8081
# The newest of the distribution: it is what takes in strange videos.
# hadolint ignore=DL3008
RUN apt-get -qq update \
    && apt-get -qq install --yes --no-install-recommends ffmpeg \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin jyoti \
    && install --directory --owner=jyoti /var/lib/jyoti/media
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY . ./
COPY --from=client /client/dist frontend/dist
# The example environment is complete but for the key, and neither of them stays in the image.
RUN eval "$(sed -n "s/^\([A-Z_]*\)=\(.*\)$/export \1='\2'/p" .env.example)" \
    && SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    python manage.py collectstatic --no-input --verbosity 0 \
    && python -m whitenoise.compress --quiet frontend/dist \
    && python -m compileall -q .

USER 10001
VOLUME /var/lib/jyoti/media
EXPOSE 8081
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["python", "-c", \
    "from urllib.request import urlopen; urlopen('http://127.0.0.1:8081/readyz', timeout=4)"]
CMD ["python", "-m", "config.oneport"]
