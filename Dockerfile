# A base with Python 3.11 or newer as `python3` (with its venv module) and apt-get. For a build that
# can be repeated, name it by digest: --build-arg BASE_IMAGE=python:3.13-slim-bookworm@sha256:…
ARG BASE_IMAGE=python:3.13-slim-bookworm

FROM ${BASE_IMAGE} AS builder
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
# pip stays in an environment of its own, so that none is in the image.
RUN python3 -m venv /build && python3 -m venv --without-pip /opt/packctl
# Dependencies first: they change seldom, and stay in the builder's cache.
COPY requirements.lock requirements-build.lock ./
RUN /build/bin/pip install --require-hashes -r requirements-build.lock \
    && /build/bin/pip --python /opt/packctl/bin/python install \
        --require-hashes --only-binary :all: -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY controller controller
RUN /build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /dist . \
    && /build/bin/pip --python /opt/packctl/bin/python install --no-deps /dist/*.whl

FROM ${BASE_IMAGE}
LABEL org.opencontainers.image.title="attune-pack-controller" \
      org.opencontainers.image.description="GitOps for Attune: keeps packs of workflows from Git in Attune's database" \
      org.opencontainers.image.licenses="Apache-2.0"
# A user with a name, because OpenSSH's programs refuse to run for one without.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates git openssh-client \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt /var/log/apt /var/log/dpkg.log \
    && useradd --uid 65532 --user-group --no-create-home --home-dir /nonexistent \
        --shell /usr/sbin/nologin packctl \
    && install --directory --owner=65532 --group=65532 /var/cache/attune-pack-controller
COPY --from=builder /opt/packctl /opt/packctl
ENV PATH=/opt/packctl/bin:$PATH \
    PACKCTL_CACHE_DIR=/var/cache/attune-pack-controller \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
WORKDIR /tmp
# A number, so that Kubernetes can tell that it is not root.
USER 65532:65532
ENTRYPOINT ["packctl"]
CMD ["run"]
