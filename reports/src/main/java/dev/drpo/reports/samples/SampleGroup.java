package dev.drpo.reports.samples;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.function.Predicate;

/**
 * The kept responses to one prompt: one line of a step's file.
 *
 * @param step the training step, from 1
 * @param prompt the problem's id
 * @param question the problem's text
 * @param replica that sampled the group
 * @param createdAtMillis when it did, since 1970
 * @param golds right answers
 * @param size responses of the group, kept or not
 * @param right how many of those are right
 * @param responses those that are kept
 */
public record SampleGroup(
    long step,
    String prompt,
    String question,
    String replica,
    long createdAtMillis,
    List<String> golds,
    int size,
    int right,
    List<SampleResponse> responses) {
  public SampleGroup {
    golds = List.copyOf(golds);
    responses = List.copyOf(responses);
  }

  /** Tells the line apart from other objects that commands print. */
  @JsonProperty(value = "kind", index = 0)
  String kind() {
    return "group";
  }

  /** As in what commands print: groups of evaluations are not kept. */
  @JsonProperty(value = "purpose", index = 1)
  String purpose() {
    return "training";
  }

  /** The same group with some of its responses. */
  public SampleGroup with(Predicate<SampleResponse> chosen) {
    return new SampleGroup(
        step,
        prompt,
        question,
        replica,
        createdAtMillis,
        golds,
        size,
        right,
        responses.stream().filter(chosen).toList());
  }
}
