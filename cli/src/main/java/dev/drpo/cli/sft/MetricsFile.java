package dev.drpo.cli.sft;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drpo.policy.sft.FineTuning;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** {@code metrics.jsonl}: a line for each step, and one for each look at the held-out traces. */
final class MetricsFile implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String STEP = "step";

  private final BufferedWriter out;

  private MetricsFile(BufferedWriter out) {
    this.out = out;
  }

  /**
   * Opens the file at a step. Lines of later steps, which are taken again, are removed.
   *
   * @param steps taken so far
   */
  static MetricsFile open(Path file, int steps) throws IOException {
    List<String> kept = new ArrayList<>();
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        if (isOfStepUpTo(steps, line)) {
          kept.add(line);
        }
      }
    }
    Path aside = file.resolveSibling(file.getFileName() + ".partial");
    Files.write(aside, kept);
    Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return new MetricsFile(Files.newBufferedWriter(file, StandardOpenOption.APPEND));
  }

  private static boolean isOfStepUpTo(int steps, String line) {
    try {
      JsonNode step = JSON.readTree(line).path(STEP);
      return step.isInt() && step.asInt() <= steps;
    } catch (IOException e) {
      // A kill leaves half a line at most, of a step that is taken again.
      return false;
    }
  }

  void step(FineTuning.StepResult step, double seconds) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    json.put(STEP, step.step());
    json.put("stage", step.stage());
    json.put("loss", step.loss());
    json.put("gradientNorm", step.gradientNorm());
    json.put("learningRate", step.learningRate());
    json.put("sequences", step.sequences());
    json.put("responseTokens", step.tokens());
    json.put("computedTokens", step.fed());
    json.put("seconds", seconds);
    write(json);
  }

  void heldOut(int step, double loss) throws IOException {
    write(JSON.createObjectNode().put(STEP, step).put("heldoutLoss", loss));
  }

  private void write(ObjectNode json) throws IOException {
    out.write(json.toString());
    out.newLine();
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
