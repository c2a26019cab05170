package dev.drpo.generation;

import java.time.Duration;
import java.util.List;

/**
 * All responses to one request.
 *
 * @param responses in the order of the samples
 * @param samplingTime from the start of prefill to the last token
 */
public record SampledGroup(List<SampledResponse> responses, Duration samplingTime) {
  public SampledGroup {
    responses = List.copyOf(responses);
  }
}
