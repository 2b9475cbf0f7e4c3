# One image for web, worker, beat and the management commands; docker-compose.yml says which is which.

FROM node:24-bookworm-slim AS front-end
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM python:3.13-slim-bookworm AS packages
WORKDIR /app
COPY requirements/base.txt requirements/base.txt
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --require-hashes --no-deps --only-binary=:all: -r requirements/base.txt

FROM python:3.13-slim-bookworm
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 1000 --create-home sillage \
 && install -d -o sillage -g sillage /data /app/var
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=crm.settings.production \
    MEDIA_ROOT=/data/media
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY --from=front-end /app/node_modules node_modules
COPY manage.py LICENSE ./
COPY crm crm
COPY contacts contacts
COPY opportunities opportunities
COPY integrations integrations
COPY templates templates
COPY static static
COPY locale locale
# Translations, icons and static files belong to the image; the secret is for these three commands alone.
RUN export SECRET_KEY=only-to-build ALLOWED_HOSTS=localhost \
 && python manage.py compile_messages \
 && python manage.py build_sprite \
 && python manage.py collectstatic --noinput --verbosity 0 \
 && chown -R sillage:sillage /app/var
USER sillage
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "8", "--no-ws", "crm.wsgi:application"]
