package dev.drpo.cli.logprobs;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.drpo.cli.lines.InputLine;
import dev.drpo.cli.lines.JsonLine;
import dev.drpo.cli.lines.LineId;
import dev.drpo.cli.lines.MalformedLine;
import dev.drpo.cli.lines.TokenList;
import dev.drpo.policy.checkpoint.ModelConfig;
import java.io.IOException;
import java.util.Optional;

/** A line of the input on its way to a line of the output. */
sealed interface ScoredLine {
  /** Reads a line, which may turn out broken. */
  static ScoredLine read(InputLine line, ModelConfig policy) {
    try {
      return switch (line) {
        case InputLine.Text text -> sequence(text, policy);
        case InputLine.TooLong _ ->
            throw new MalformedLine(
                Optional.empty(),
                "it is longer than %,d bytes, which no sequence of the policy's context needs"
                    .formatted(InputLine.MAX_BYTES));
      };
    } catch (MalformedLine why) {
      return new Broken(line.number(), why);
    }
  }

  private static Sequence sequence(InputLine.Text text, ModelConfig policy) throws MalformedLine {
    JsonLine line = new JsonLine();
    int[][] tokens = new int[1][];
    line.read(
        text.utf8(),
        "tokens",
        (key, json, value) -> {
          if (key.equals("tokens")) {
            tokens[0] = TokenList.read(line, key, json, value, policy.vocabularySize());
          } else {
            json.skipChildren();
          }
        });
    if (tokens[0] == null) {
      throw line.malformed("it has no tokens, a list of token ids");
    }
    if (tokens[0].length == 0) {
      throw line.malformed("tokens is empty; a sequence has at least one token");
    }
    if (tokens[0].length > policy.contextLength()) {
      throw line.malformed(
          "a sequence of %,d tokens exceeds the policy's context of %,d"
              .formatted(tokens[0].length, policy.contextLength()));
    }
    return new Sequence(text.number(), line.id(), tokens[0]);
  }

  /** Writes the line of the output, without its end. */
  void write(JsonGenerator json) throws IOException;

  /** A line that is no sequence. */
  record Broken(long number, MalformedLine why) implements ScoredLine {
    @Override
    public void write(JsonGenerator json) throws IOException {
      why.write(number, json);
    }
  }

  /** Tokens, and from some moment on their log-probabilities. */
  final class Sequence implements ScoredLine {
    private final long number;
    private final Optional<LineId> id;
    private final int[] tokens;
    private float[] logProbabilities = new float[0];

    private Sequence(long number, Optional<LineId> id, int[] tokens) {
      this.number = number;
      this.id = id;
      this.tokens = tokens;
    }

    /** Tokens that have one before them, which is what the forward pass predicts. */
    int predicted() {
      return tokens.length - 1;
    }

    int[] tokens() {
      return tokens;
    }

    void scored(float[] values) {
      logProbabilities = values;
    }

    /** Where a value is no number, which JSON could not say; empty if all are. */
    private Optional<String> defect() {
      for (int i = 0; i < logProbabilities.length; i++) {
        if (!Float.isFinite(logProbabilities[i])) {
          return Optional.of(
              "the policy gives token %d (id %d) the log-probability %s; check its weights and the"
                      .formatted(i + 1, tokens[i + 1], logProbabilities[i])
                  + " temperature");
        }
      }
      return Optional.empty();
    }

    boolean isSound() {
      return defect().isEmpty();
    }

    @Override
    public void write(JsonGenerator json) throws IOException {
      Optional<String> defect = defect();
      if (defect.isPresent()) {
        new MalformedLine(id, defect.get()).write(number, json);
        return;
      }
      json.writeStartObject();
      if (id.isPresent()) {
        json.writeFieldName("id");
        id.get().write(json);
      }
      json.writeArrayFieldStart("logprobs");
      for (float value : logProbabilities) {
        json.writeNumber(value);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }
}
