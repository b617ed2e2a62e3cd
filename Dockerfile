# One file for all services: docker build --build-arg SERVICE=ingest .

# jars are the same for all platforms, so they are built once, on the platform of the builder
FROM --platform=$BUILDPLATFORM eclipse-temurin:17-jdk AS build
WORKDIR /src
# only the files that the build needs, so that editing README or .env does not invalidate the cache
COPY mvnw pom.xml ./
COPY .mvn .mvn
COPY contract contract
COPY ingest ingest
COPY processors processors
COPY sink sink
COPY console console
COPY docs/api docs/api
# Maven reads the pom of every module, also of those that it does not build
COPY local/pom.xml local/
RUN --mount=type=cache,target=/root/.m2,sharing=locked \
    ./mvnw -B -q -Dmaven.test.skip -Dspotless.check.skip -pl contract,ingest,processors,sink,console package
# remove the native libraries of other platforms, and put our own jars into a separate layer
COPY docker/keep-linux.sh docker/
RUN for service in ingest processors sink console; do \
        sh docker/keep-linux.sh ${service}/target/lib \
        && mkdir ${service}/target/app \
        && mv ${service}/target/lib/flexmetry-*.jar ${service}/target/flexmetry-${service}-*.jar ${service}/target/app \
        || exit 1; \
    done

FROM eclipse-temurin:17-jre
ARG SERVICE
RUN useradd --system --uid 1001 flexmetry \
    && mkdir -p /var/lib/flexmetry \
    && chown flexmetry /var/lib/flexmetry
COPY --from=build /src/${SERVICE}/target/lib /opt/flexmetry/lib
COPY --from=build /src/${SERVICE}/target/app /opt/flexmetry/app
USER 1001
WORKDIR /var/lib/flexmetry
ENTRYPOINT ["java", "-XX:+ExitOnOutOfMemoryError", "-XX:MaxRAMPercentage=50", "-cp", "/opt/flexmetry/app/*:/opt/flexmetry/lib/*"]
