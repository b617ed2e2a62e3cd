# One file for the three services: docker build --build-arg SERVICE=ingest .
FROM eclipse-temurin:17-jdk AS build
WORKDIR /src
COPY . .
RUN ./mvnw -B -q -Dmaven.test.skip -Dspotless.check.skip -pl contract,ingest,processors,sink package

FROM eclipse-temurin:17-jre
ARG SERVICE
RUN useradd --system --uid 1001 flexmetry \
    && mkdir -p /var/lib/flexmetry \
    && chown flexmetry /var/lib/flexmetry
COPY --from=build /src/${SERVICE}/target/lib /opt/flexmetry/lib
COPY --from=build /src/${SERVICE}/target/flexmetry-${SERVICE}-*.jar /opt/flexmetry/lib/
USER flexmetry
WORKDIR /var/lib/flexmetry
ENTRYPOINT ["java", "-XX:+ExitOnOutOfMemoryError", "-XX:MaxRAMPercentage=75", "-cp", "/opt/flexmetry/lib/*"]
