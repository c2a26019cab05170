package dev.drpo.generation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.testkit.TinyPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What the engine takes outside the Java heap must not grow with what it has done. */
@EnabledOnOs(OS.LINUX)
class ResidentMemoryTest {
  private static final int WARM_UP_WINDOWS = 4;
  private static final int WINDOWS = 9;
  private static final int GROUPS_IN_A_WINDOW = 500;
  private static final int GROUPS_IN_HAND = 8;

  @TempDir private Path folder;

  @Test
  void thousandsOfGroupsLeaveNothingBehind() throws IOException {
    Path weights = TinyPolicy.weights(folder.resolve("model.safetensors"), 1);
    Path newer = TinyPolicy.weights(folder.resolve("newer.safetensors"), 2);
    try (GenerationEngine engine = Engines.start(weights, Set.of(), new FinishThenSwap(), 16, 2)) {
      sample(engine, newer, WARM_UP_WINDOWS * GROUPS_IN_A_WINDOW);
      System.gc();
      long before = residentKibibytes();
      long[] growth = new long[WINDOWS];
      for (int window = 0; window < WINDOWS; window++) {
        sample(engine, newer, GROUPS_IN_A_WINDOW);
        System.gc();
        long now = residentKibibytes();
        growth[window] = now - before;
        before = now;
      }
      // The virtual machine's own memory moves by fits and starts, while what the engine leaves
      // behind grows in every window: a tensor of 1 KiB at each of its 2,500 steps is 2.5 MiB.
      Arrays.sort(growth);
      assertThat(growth[WINDOWS / 2]).isLessThan(1024);
      assertThat(engine.status().groups())
          .isEqualTo((WARM_UP_WINDOWS + WINDOWS) * GROUPS_IN_A_WINDOW);
    }
  }

  private static void sample(GenerationEngine engine, Path weights, int groups) {
    Random random = new Random(groups);
    Queue<GroupSampling> inHand = new ArrayDeque<>();
    for (int i = 0; i < groups; i++) {
      int[] prompt = random.ints(1 + random.nextInt(20), 0, 16).toArray();
      Sampling sampling = new Sampling(1, i % 3 == 0 ? 0.9 : 1, 8, 1 + random.nextInt(12), i);
      inHand.add(engine.submit(new GroupRequest(prompt, sampling, i, 0), ResponseListener.NONE));
      if (inHand.size() == GROUPS_IN_HAND) {
        inHand.remove().join();
      }
      if (i % 100 == 0) {
        engine.offer(TinyPolicy.version(i, weights), weights).loaded().join();
      }
    }
    inHand.forEach(GroupSampling::join);
  }

  private static long residentKibibytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
