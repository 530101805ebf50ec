# Builds Sotto and leaves one program in an image without a shell.
#
#   docker build -t sotto .
#   docker compose up

FROM rust:1.96-slim-bookworm AS build
WORKDIR /build
# The tools first: they change less often than the sources.
COPY scripts/setup.sh scripts/env.sh scripts/
COPY Cargo.lock ./
# What Debian has is new enough, whichever version it is.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl gcc libc6-dev make nodejs npm \
    && rm -rf /var/lib/apt/lists/* \
    && scripts/setup.sh
COPY . .
RUN make build && mkdir /empty

# Only its newest is maintained.
# hadolint ignore=DL3006
FROM gcr.io/distroless/cc-debian12
COPY --from=build /build/target/release/sotto /usr/local/bin/sotto
# What a new volume begins as; 65534 is nobody.
COPY --from=build --chown=65534:65534 --chmod=0700 /empty /data
USER 65534:65534
WORKDIR /data
ENV SOTTO_ADDR=0.0.0.0:3000 SOTTO_DATA=/data
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=12s --start-period=10s CMD ["sotto", "doctor", "--live"]
ENTRYPOINT ["sotto"]
