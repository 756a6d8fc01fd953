# Rundown in a container: built by uv from the lock, run as an unprivileged user.
FROM python:3.12-slim AS build
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /app
ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
COPY pyproject.toml uv.lock README.md LICENSE ./
# The lock knows of it; it is not installed.
COPY integrations/tracking/pyproject.toml integrations/tracking/
RUN uv sync --locked --no-dev --no-install-project
COPY bot bot
COPY handlers handlers
COPY sandbox sandbox
COPY templates templates
RUN uv sync --locked --no-dev --no-editable

FROM python:3.12-slim
RUN apt-get update && apt-get install -y --no-install-recommends fonts-droid-fallback && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin rundown && install -d -o 10001 -g 10001 /data
WORKDIR /app
COPY --from=build /app/.venv .venv
COPY app.yaml ./
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 MPLCONFIGDIR=/tmp/matplotlib DATABASE_URL=sqlite:////data/rundown.db DOOR_HOST=0.0.0.0
USER 10001
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:3000/readyz', timeout=4)"]
ENTRYPOINT ["rundown"]
CMD ["serve"]
