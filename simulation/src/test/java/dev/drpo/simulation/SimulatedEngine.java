package dev.drpo.simulation;

import dev.drpo.generation.FinishReason;
import dev.drpo.generation.GroupRequest;
import dev.drpo.generation.ResponseListener;
import dev.drpo.generation.SampledGroup;
import dev.drpo.generation.SampledResponse;
import dev.drpo.generation.VersionSpan;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.simulation.machine.Chance;
import dev.drpo.simulation.machine.Host;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * Samples as an engine does that finishes running groups before it swaps weights: what comes of a
 * request is a function of the request and the weights, and takes as long as chance has it.
 */
final class SimulatedEngine {
  private static final int SLOTS = 2;

  private final Host host;
  private final Chance chance;
  private final List<Waiting> waiting = new ArrayList<>();
  private PolicyVersion inUse;
  private PolicyVersion next;
  private int running;

  private record Waiting(
      GroupRequest request, ResponseListener listener, CompletableFuture<SampledGroup> group) {}

  SimulatedEngine(Host host, Chance chance, PolicyVersion starting) {
    this.host = host;
    this.chance = chance;
    this.inUse = starting;
  }

  /** Takes newer weights, or older ones that the learner went back to. */
  void offer(PolicyVersion version) {
    next = version;
    goOn();
  }

  CompletableFuture<SampledGroup> submit(GroupRequest request, ResponseListener listener) {
    Waiting submitted = new Waiting(request, listener, new CompletableFuture<>());
    waiting.add(submitted);
    goOn();
    return submitted.group();
  }

  private void goOn() {
    if (next != null && running == 0) {
      inUse = next;
      next = null;
    }
    for (Iterator<Waiting> all = waiting.iterator(); next == null && all.hasNext(); ) {
      Waiting first = all.next();
      if (first.group().isDone()) {
        all.remove();
      } else if (running < SLOTS && mayStart(first.request())) {
        all.remove();
        running++;
        first.listener().started();
        PolicyVersion weights = inUse;
        host.start("sampling", () -> sample(first, weights));
      }
    }
  }

  private boolean mayStart(GroupRequest request) {
    return request.requiredStep() <= inUse.step();
  }

  private void sample(Waiting begun, PolicyVersion weights) {
    Duration time = chance.odds(0.03) ? chance.millis(1000, 9000) : chance.millis(20, 400);
    try {
      host.threads().sleep(time);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts an engine", e);
    }
    List<SampledResponse> responses = new ArrayList<>();
    for (int i = 0; i < begun.request().sampling().groupSize(); i++) {
      responses.add(response(begun.request(), i, weights));
    }
    running--;
    begun.group().complete(new SampledGroup(responses, time));
    goOn();
  }

  private static SampledResponse response(GroupRequest request, int sample, PolicyVersion weights) {
    int hash = Objects.hash(request.stream(), sample, weights.digest().hex());
    int[] tokens = new int[1 + Math.floorMod(hash, 3)];
    float[] logProbabilities = new float[tokens.length];
    for (int t = 0; t < tokens.length; t++) {
      hash = hash * 0x01000193 + t;
      tokens[t] = Math.floorMod(hash >> 8, 1000);
      logProbabilities[t] = -Math.floorMod(hash >> 4, 100) / 32f;
    }
    return new SampledResponse(
        tokens,
        logProbabilities,
        logProbabilities,
        FinishReason.STOP,
        List.of(new VersionSpan(weights, tokens.length)));
  }

  /** What a response says: whether its last token is even. */
  static String text(int[] tokens) {
    return tokens[tokens.length - 1] % 2 == 0 ? "even" : "odd";
  }
}
