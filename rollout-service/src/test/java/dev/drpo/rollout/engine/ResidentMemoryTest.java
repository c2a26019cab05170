package dev.drpo.rollout.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.rollout.TinyPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
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
  private static final int GROUPS = 2_000;
  private static final int GROUPS_IN_HAND = 8;

  @TempDir private Path folder;

  @Test
  void twoThousandGroupsLeaveNothingBehind() throws IOException {
    Path weights = TinyPolicy.weights(folder.resolve("model.safetensors"), 1);
    Path newer = TinyPolicy.weights(folder.resolve("newer.safetensors"), 2);
    try (GenerationEngine engine = Engines.start(weights, Set.of(), new FinishThenSwap(), 16, 2)) {
      sample(engine, newer, GROUPS / 2);
      System.gc();
      long before = residentKibibytes();
      sample(engine, newer, GROUPS);
      System.gc();
      // A tensor of 1 KiB left behind by each of some 10,000 steps would be 10 MiB.
      assertThat(residentKibibytes() - before).isLessThan(10 * 1024);
      assertThat(engine.status().groups()).isEqualTo(GROUPS + GROUPS / 2);
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
