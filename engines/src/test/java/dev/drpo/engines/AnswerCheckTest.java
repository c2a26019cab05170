package dev.drpo.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.drpo.policy.sampler.SamplingLaw;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AnswerCheckTest {
  private static final SegmentRequest ASKED =
      new SegmentRequest(
          "a", new int[] {1}, SamplingLaw.at(1), 3, List.of(0), new Draws(1, 2, 3, 4), 0, "7-abc");

  @Test
  void whatPolicyOrBudgetEndedIsTaken() {
    for (Segment fine :
        List.of(
            segment(Segment.End.STOP, 5, 0),
            segment(Segment.End.STOP, 5, 6, 0),
            segment(Segment.End.LENGTH, 5, 6, 7),
            segment(Segment.End.ABORT, 5),
            segment(Segment.End.ABORT))) {
      assertThatCode(() -> new AnswerCheck(16).require(fine, ASKED)).doesNotThrowAnyException();
    }
  }

  @Test
  void everyOtherAnswerIsRefusedForWhatItIs() {
    refused(AnswerFault.EMPTY, segment(Segment.End.LENGTH));
    refused(AnswerFault.TOO_LONG, segment(Segment.End.LENGTH, 5, 6, 7, 8));
    refused(AnswerFault.UNKNOWN_TOKEN, segment(Segment.End.LENGTH, 5, 16, 7));
    refused(AnswerFault.UNKNOWN_TOKEN, segment(Segment.End.LENGTH, 5, -1, 7));
    refused(AnswerFault.CUT_SHORT, segment(Segment.End.LENGTH, 5, 6));
    refused(AnswerFault.NO_END, segment(Segment.End.STOP, 5, 6));
    refused(AnswerFault.PASSED_END, segment(Segment.End.LENGTH, 5, 0, 7));
    refused(AnswerFault.MISSING_LOG_PROBABILITY, with(Float.NaN));
    refused(AnswerFault.IMPOSSIBLE_LOG_PROBABILITY, with(0.5f));
    refused(AnswerFault.FLOORED_LOG_PROBABILITY, with(-9999));
    refused(AnswerFault.FLOORED_LOG_PROBABILITY, with(Float.NEGATIVE_INFINITY));
    refused(
        AnswerFault.OTHER_WEIGHTS,
        new Segment(new int[] {0}, new float[] {-1}, Segment.End.STOP, Optional.of("6-abc")));
  }

  /** A server that begins its random numbers with each request would repeat itself. */
  @Test
  void noTwoSamplesSegmentsOrAttemptsShareASeed() {
    Set<Integer> seeds = new HashSet<>();
    for (int sample = 0; sample < 8; sample++) {
      for (int token = 0; token < 8; token++) {
        for (int attempt = 0; attempt < 3; attempt++) {
          int seed = new Draws(7, 77, sample, token).asOneSeed(attempt);
          assertThat(seed).isNotNegative();
          seeds.add(seed);
        }
      }
    }
    assertThat(seeds).hasSize(8 * 8 * 3);
    assertThat(new Draws(7, 77, 1, 2).asOneSeed(0)).isEqualTo(new Draws(7, 77, 1, 2).asOneSeed(0));
  }

  private static Segment segment(Segment.End end, int... tokens) {
    float[] logProbabilities = new float[tokens.length];
    Arrays.fill(logProbabilities, -1);
    return new Segment(tokens, logProbabilities, end, Optional.empty());
  }

  private static Segment with(float logProbability) {
    return new Segment(
        new int[] {5, 0}, new float[] {logProbability, -1}, Segment.End.STOP, Optional.empty());
  }

  private static void refused(AnswerFault fault, Segment segment) {
    assertThatExceptionOfType(BadAnswerException.class)
        .isThrownBy(() -> new AnswerCheck(16).require(segment, ASKED))
        .satisfies(e -> assertThat(e.fault()).isEqualTo(fault));
  }
}
