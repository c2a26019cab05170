# The image of one service: reward, rollout or learner. Build it from the repository's root, after
# the modules are packaged:
#   docker build --build-arg SERVICE=reward -t drpo/reward-service .
ARG SERVICE

FROM eclipse-temurin:25-jre AS any
WORKDIR /opt/drpo
# HTTP and gRPC.
EXPOSE 8080 9000
ENTRYPOINT ["java", "-jar", "/opt/drpo/app/quarkus-run.jar"]

FROM any AS reward
# Starts soon and stays small: a heap that grows only on demand, and the quick compiler alone. Where
# peak throughput counts for more than 25 MB, drop TieredStopAtLevel.
ENV JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=50 -Xms24m -Xmn12m -XX:+UseSerialGC -XX:+UseCompactObjectHeaders -XX:TieredStopAtLevel=1 -XX:+ExitOnOutOfMemoryError"

FROM any AS policy
# The policy and the problems of the quickstart, so that a bare cluster needs no other storage.
COPY datasets/quickstart /opt/drpo/datasets/quickstart
ENV DJL_CACHE_DIR=/tmp/djl \
    OPT_OUT_TRACKING=true \
    THP_MEM_ALLOC_ENABLE=1 \
    JDK_JAVA_OPTIONS="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Djava.awt.headless=true"

# A quarter of the container's memory is for the heap, and the rest for the tensor engine: ./drpo plan
# prints what a container of either needs.
FROM policy AS learner
ENV JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=25 -XX:+ExitOnOutOfMemoryError"

FROM policy AS rollout
# Decoding on the CPU is by vector instructions, whose interface is still an incubating module.
ENV JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=25 -XX:+ExitOnOutOfMemoryError" \
    JDK_JAVA_OPTIONS="--add-modules=jdk.incubator.vector ${JDK_JAVA_OPTIONS}"

FROM ${SERVICE}
ARG SERVICE
# From what changes seldom to what changes often, so that layers are reused.
COPY ${SERVICE}-service/target/quarkus-app/lib/ /opt/drpo/app/lib/
COPY ${SERVICE}-service/target/quarkus-app/*.jar /opt/drpo/app/
COPY ${SERVICE}-service/target/quarkus-app/app/ /opt/drpo/app/app/
COPY ${SERVICE}-service/target/quarkus-app/quarkus/ /opt/drpo/app/quarkus/
USER 10001:10001
