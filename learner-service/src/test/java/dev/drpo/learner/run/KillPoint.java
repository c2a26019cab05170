package dev.drpo.learner.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a learner that is to be killed is seen to do right before. */
enum KillPoint {
  /** It may still be starting. */
  AT_ANY_TIME {
    @Override
    Object trace(ScriptedWorker worker, Path run) {
      return null;
    }
  },
  /** It sends out the tasks of a step. */
  WHILE_DISPATCHING {
    @Override
    Object trace(ScriptedWorker worker, Path run) {
      return worker.taken();
    }
  },
  /** A group has arrived: once all have, it learns. */
  WHILE_LEARNING {
    @Override
    Object trace(ScriptedWorker worker, Path run) {
      return worker.answered();
    }
  },
  /** It copies its weights into a file, or encodes the patch. */
  WHILE_WRITING_WEIGHTS {
    @Override
    Object trace(ScriptedWorker worker, Path run) {
      return names(run.resolve("weights"));
    }
  },
  /** A part of a patch is in the log, its announcement is not. */
  WHILE_PUBLISHING {
    @Override
    Object trace(ScriptedWorker worker, Path run) {
      return worker.patchChunks();
    }
  },
  /** It writes a checkpoint aside, moves it to its place, or removes an old one. */
  WHILE_CHECKPOINTING {
    @Override
    Object trace(ScriptedWorker worker, Path run) {
      return names(run.resolve("checkpoints"));
    }
  },
  /** It notes down the step's metrics. */
  WHILE_WRITING_METRICS {
    @Override
    Object trace(ScriptedWorker worker, Path run) {
      try {
        Path metrics = run.resolve("metrics.jsonl");
        return Files.exists(metrics) ? Files.size(metrics) : 0;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  };

  /** Something that is another each time when the learner gets here. */
  abstract Object trace(ScriptedWorker worker, Path run);

  private static Set<String> names(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    } catch (IOException | UncheckedIOException e) {
      // The folder is not there yet, or changes while it is read.
      return Set.of();
    }
  }
}
