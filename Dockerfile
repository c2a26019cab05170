# The image of one service: reward, rollout or learner. ./drpo images builds all of them; by hand, from the
# repository's root, after the modules are packaged and their bills of materials are written (docs/kubernetes.md):
#   docker build --build-arg SERVICE=reward -t drpo/reward-service .
ARG SERVICE
# A JDK to cut the runtime from, and what the image stands on: glibc, libstdc++ and apt, as in Debian, Ubuntu and
# NVIDIA's images of them. For GPUs BASE is one with the runtime of CUDA (docs/kubernetes.md).
ARG JDK=docker.io/library/eclipse-temurin:25-jdk
ARG BASE=docker.io/library/debian:trixie-slim

# Ready-made runtimes leave modules out, that of vectors among them, or hold a compiler as well.
FROM ${JDK} AS runtime
RUN ["jlink", "--add-modules", "java.se,jdk.incubator.vector,jdk.jfr,jdk.management,jdk.naming.dns,jdk.net,jdk.unsupported,jdk.zipfs", "--no-header-files", "--no-man-pages", "--compress", "zip-6", "--output", "/runtime"]

# The tensor library unpacked, where there is one: no pod does it at its start.
FROM ${JDK} AS libraries
ARG SERVICE
COPY k8s/src/main/java/ /build/
COPY ${SERVICE}-service/target/quarkus-app/lib/ /opt/drpo/app/lib/
RUN ["java", "/build/dev/drpo/k8s/UnpackNatives.java", "/opt/drpo/app/lib", "/opt/drpo/natives", "/opt/drpo/natives"]

FROM ${BASE} AS any
COPY --from=runtime /runtime/ /opt/java/
ENV PATH=/opt/java/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    JDK_JAVA_OPTIONS="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Djava.awt.headless=true"
# Fails where the runtime lacks the module or does not run on the base.
RUN ["java", "--add-modules=jdk.incubator.vector", "-version"]
WORKDIR /opt/drpo
# HTTP and gRPC.
EXPOSE 8080 9000
ENTRYPOINT ["java", "-jar", "/opt/drpo/app/quarkus-run.jar"]

FROM any AS reward
# Starts soon and stays small: a heap that grows only on demand, and the quick compiler alone. Where
# peak throughput counts for more than 25 MB, drop TieredStopAtLevel.
ENV JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=50 -Xms24m -Xmn12m -XX:+UseSerialGC -XX:+UseCompactObjectHeaders -XX:TieredStopAtLevel=1 -XX:+ExitOnOutOfMemoryError"

FROM any AS policy
# The report's plots have text.
RUN command -v fc-match || { apt-get update && apt-get install -y --no-install-recommends fontconfig fonts-dejavu-core && rm -rf /var/lib/apt/lists/*; }
# The policy and the problems of the quickstart, so that a bare cluster needs no other storage.
COPY datasets/quickstart /opt/drpo/datasets/quickstart
# Fonts are remembered where a user without a home can write.
ENV DJL_CACHE_DIR=/tmp/djl \
    XDG_CACHE_HOME=/tmp \
    OPT_OUT_TRACKING=true \
    THP_MEM_ALLOC_ENABLE=1 \
    JDK_JAVA_OPTIONS="@/opt/drpo/natives/java.options ${JDK_JAVA_OPTIONS}"

# A quarter of the container's memory is for the heap, and the rest for the tensor engine: ./drpo plan
# prints what a container of either needs.
FROM policy AS learner
ENV JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=25 -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError"

FROM policy AS rollout
# Decoding on the CPU is by vector instructions, whose interface is still an incubating module.
ENV JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=25 -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError" \
    JDK_JAVA_OPTIONS="--add-modules=jdk.incubator.vector ${JDK_JAVA_OPTIONS}"

FROM ${SERVICE}
ARG SERVICE
# From what changes seldom to what changes often, so that layers are reused.
COPY --from=libraries /opt/drpo/natives/ /opt/drpo/natives/
COPY --from=libraries /opt/drpo/app/lib/ /opt/drpo/app/lib/
COPY LICENSE THIRD-PARTY.txt ${SERVICE}-service/target/sbom/bom.json /opt/drpo/
COPY ${SERVICE}-service/target/quarkus-app/*.jar /opt/drpo/app/
COPY ${SERVICE}-service/target/quarkus-app/app/ /opt/drpo/app/app/
COPY ${SERVICE}-service/target/quarkus-app/quarkus/ /opt/drpo/app/quarkus/
USER 10001:10001
