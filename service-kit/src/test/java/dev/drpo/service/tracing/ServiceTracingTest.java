package dev.drpo.service.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.TracingConfig;
import dev.drpo.runtime.tracing.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceTracingTest {
  private static final TracingConfig OFF = new TracingConfig("", 1);
  private static final TracingConfig ON = new TracingConfig("http://localhost:9", 1);

  private final MeterRegistry meters = new SimpleMeterRegistry();

  /** Has no library for traces, and notes what is loaded of this package. */
  private static final class Without extends ClassLoader {
    private final List<String> loaded = new ArrayList<>();

    Without() {
      super(ServiceTracingTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("io.opentelemetry.")) {
        throw new ClassNotFoundException(name);
      }
      if (!name.startsWith(ServiceTracing.class.getPackageName() + ".")) {
        return super.loadClass(name, resolve);
      }
      loaded.add(name);
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  private Object without(Without loader, TracingConfig config) throws Exception {
    return loader
        .loadClass(ServiceTracing.class.getName())
        .getMethod(
            "of",
            TracingConfig.class,
            String.class,
            String.class,
            boolean.class,
            MeterRegistry.class)
        .invoke(null, config, "judge", "judge-0", false, meters);
  }

  @Test
  void withoutACollectorNothingOfTheLibraryIsLoaded() throws Exception {
    Without loader = new Without();
    assertThat(without(loader, OFF)).isSameAs(Tracing.OFF);
    assertThat(loader.loaded).containsExactly(ServiceTracing.class.getName());
    assertThat(meters.getMeters()).isEmpty();
    // It would have been missed.
    assertThatThrownBy(() -> without(new Without(), ON))
        .isInstanceOf(InvocationTargetException.class)
        .hasRootCauseInstanceOf(ClassNotFoundException.class);
  }

  @Test
  void whoSendsCountsWhatIsDropped() throws Exception {
    try (AutoCloseable sending =
        (AutoCloseable) ServiceTracing.of(ON, "judge", "judge-0", false, meters)) {
      assertThat(sending).isInstanceOf(OtlpTracing.class);
      assertThat(meters.get("drpo.tracing.dropped.spans").functionCounter().count()).isZero();
    }
  }

  @Test
  void aNativeBinaryRefusesToSend() {
    assertThat(ServiceTracing.of(OFF, "judge", "judge-0", true, meters)).isSameAs(Tracing.OFF);
    assertThatThrownBy(() -> ServiceTracing.of(ON, "judge", "judge-0", true, meters))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tracing.endpoint is 'http://localhost:9'")
        .hasMessageContaining("native")
        .hasMessageContaining("it must be empty");
  }
}
