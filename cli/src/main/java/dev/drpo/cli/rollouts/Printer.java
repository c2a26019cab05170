package dev.drpo.cli.rollouts;

import dev.drpo.cli.lines.LineOutput;
import dev.drpo.proto.records.v1.DeadLetter;
import dev.drpo.proto.records.v1.ScoredGroup;
import java.io.IOException;
import java.util.List;

/**
 * Prints groups as they are asked for.
 *
 * @param json one JSON object a line, instead of text
 * @param text for people
 */
record Printer(Selection selection, boolean json, GroupText text, LineOutput out) {
  /**
   * Prints a group, if it is among those chosen and a response of it is.
   *
   * @return whether it was printed
   */
  boolean print(ScoredGroup group) throws IOException {
    if (!selection.has(group.getGroup().getId())) {
      return false;
    }
    List<Integer> responses = selection.responses(group);
    if (responses.isEmpty() && selection.choosesResponses()) {
      return false;
    }
    out.write(
        json
            ? GroupJson.line(group, responses) + "\n"
            : String.join("\n", text.lines(group, responses)) + "\n\n");
    return true;
  }

  /** Prints a dead letter, unless others are asked for. */
  void print(DeadLetter letter) throws IOException {
    if (letter.hasId() ? selection.has(letter.getId()) : !selection.choosesResponses()) {
      out.write((json ? GroupJson.line(letter) : GroupText.line(letter)) + "\n");
    }
  }
}
