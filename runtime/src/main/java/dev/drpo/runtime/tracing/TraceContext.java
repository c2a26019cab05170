package dev.drpo.runtime.tracing;

/**
 * Where a record stands in a trace, as the field {@code traceparent} of W3C's Trace Context says
 * it. It comes from outside, so that it may say nothing that can be read.
 *
 * @param traceparent empty where there is no trace
 */
public record TraceContext(String traceparent) {
  /** Of no trace. */
  public static final TraceContext NONE = new TraceContext("");

  /** Whether there is a trace. */
  public boolean isPresent() {
    return !traceparent.isEmpty();
  }
}
