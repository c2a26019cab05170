package dev.drpo.runtime.messaging;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.drpo.runtime.tracing.TraceContext;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** The header by which a record carries its trace. Other headers are left alone. */
final class TraceHeader {
  private static final String NAME = "traceparent";

  private TraceHeader() {}

  /** What a record carries. */
  static TraceContext of(Headers headers) {
    Header header = headers.lastHeader(NAME);
    return header == null || header.value() == null || header.value().length == 0
        ? TraceContext.NONE
        : new TraceContext(new String(header.value(), US_ASCII));
  }

  /** Gives a record its trace, if it has one. */
  static void add(TraceContext trace, Headers headers) {
    if (trace.isPresent()) {
      headers.add(NAME, trace.traceparent().getBytes(US_ASCII));
    }
  }
}
