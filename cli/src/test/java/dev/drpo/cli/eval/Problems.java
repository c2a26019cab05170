package dev.drpo.cli.eval;

import dev.drpo.policy.text.ChatMessage;
import dev.drpo.problems.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Sets of problems whose right answers are their numbers. */
final class Problems {
  private Problems() {}

  static EvalSet set(String name, int problems) {
    List<Problem> all = new ArrayList<>();
    for (int i = 0; i < problems; i++) {
      all.add(
          new Problem(
              "p-" + i,
              List.of(new ChatMessage("user", "w" + (1 + i % 9))),
              List.of(Integer.toString(i)),
              Map.of()));
    }
    return new EvalSet(name, Path.of(name + ".jsonl"), "hash of " + name, all);
  }

  static Path file(Path file, int problems) throws IOException {
    return Files.writeString(
        file,
        IntStream.range(0, problems)
            .mapToObj(
                i ->
                    "{\"id\": \"p-%d\", \"messages\": [{\"role\": \"user\", \"content\": \"w%d w%d\"}],"
                            .formatted(i, 1 + i % 13, 1 + i / 13)
                        + " \"gold\": \"1\"}\n")
            .collect(Collectors.joining()));
  }
}
