package dev.drpo.cli.judge;

import dev.drpo.cli.lines.LineId;
import java.util.List;
import java.util.Optional;

/**
 * What a line asks for.
 *
 * @param id absent if the line has none
 * @param golds the right answers
 */
record JudgeRequest(Optional<LineId> id, List<String> golds, Subject subject) {
  JudgeRequest {
    golds = List.copyOf(golds);
  }

  /** What is judged. */
  sealed interface Subject {
    String text();
  }

  /** A whole response, whose answer stands in a box behind the reasoning. */
  record Response(String text) implements Subject {}

  /** An answer without anything around it. */
  record BareAnswer(String text) implements Subject {}
}
