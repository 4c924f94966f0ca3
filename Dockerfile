# The image of Tripline: one binary on a small Debian, one volume, no root.

FROM node:20-bookworm-slim AS web
WORKDIR /web
COPY web/package.json web/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY web/ ./
RUN WEB_OUT=/web-dist npm run build

# The version of rust-toolchain.toml, whose tools for developers are not needed here.
FROM rust:1.95-slim-bookworm AS program
# jemalloc is built by it.
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /tripline
COPY --from=web /web-dist /web-dist
COPY .cargo/ .cargo/
COPY Cargo.toml Cargo.lock build.rs tripline.example.toml ./
COPY src/ src/
# The targets of tests and benchmarks are named in Cargo.toml, so cargo wants to see them.
COPY tests/ tests/
COPY benches/ benches/
RUN WEB_DIST=/web-dist cargo build --release --locked

FROM debian:bookworm-slim
# Whom alerts go to has to prove who they are.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /data --create-home tripline
COPY --from=program /tripline/target/release/tripline /usr/local/bin/tripline
USER tripline
# A tripline.toml in the volume is read.
WORKDIR /data
ENV TRIPLINE__SERVER__LISTEN=0.0.0.0:9000 TRIPLINE__STORAGE__DATA=/data
VOLUME /data
EXPOSE 9000
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s CMD ["tripline", "healthcheck"]
CMD ["tripline"]
