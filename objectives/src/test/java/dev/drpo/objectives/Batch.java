package dev.drpo.objectives;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.function.IntToDoubleFunction;

/** Mini-batches for the objectives' tests. */
public final class Batch {
  private Batch() {}

  /** A group of a question whose name is of no matter. */
  public static Group group(List<Response> responses) {
    return new Group("q", responses);
  }

  public static Group group(Response... responses) {
    return group(List.of(responses));
  }

  /** Responses of these lengths at the sampling policy, of which the first ones are correct. */
  public static Group group(int correct, int... lengths) {
    List<Response> responses = new ArrayList<>();
    for (int i = 0; i < lengths.length; i++) {
      responses.add(response(i < correct, lengths[i], -1));
    }
    return group(responses);
  }

  /** A response whose tokens all have the same log-probability, old and current. */
  public static Response response(boolean correct, int length, double logProbability) {
    float[] logProbabilities = new float[length];
    Arrays.fill(logProbabilities, (float) logProbability);
    return new Response(correct, logProbabilities, logProbabilities.clone());
  }

  /** The same response after an update that moved every token's log-probability. */
  public static Response moved(Response response, double by) {
    return moved(response, token -> by);
  }

  public static Response moved(Response response, IntToDoubleFunction by) {
    float[] current = response.old().clone();
    for (int t = 0; t < current.length; t++) {
      current[t] += (float) by.applyAsDouble(t);
    }
    return new Response(
        response.correct(),
        response.reward(),
        response.truncated(),
        response.old(),
        current,
        response.importance());
  }

  /** The same response, ended by the length budget. */
  public static Response truncated(Response response) {
    return new Response(
        response.correct(),
        response.reward(),
        true,
        response.old(),
        response.current(),
        response.importance());
  }

  /** The same response, which has the answer before some tokens. */
  public static Response tailed(Response response, int start, int end) {
    return new Response(
        response.correct(),
        response.reward(),
        response.truncated(),
        response.old(),
        response.current(),
        response.importance(),
        new TokenSpan(start, end));
  }

  /** The same response, sampled by another policy than the old one. */
  public static Response weighted(Response response, double... importance) {
    return new Response(
        response.correct(),
        response.reward(),
        response.truncated(),
        response.old(),
        response.current(),
        importance);
  }

  /**
   * Random groups of different size and kind: mixed ones, all correct, all wrong.
   *
   * @param change draws the old minus the current log-probability of one token
   */
  public static List<Group> random(Random random, int longest, DoubleSupplier change) {
    List<Group> groups = new ArrayList<>();
    int count = 1 + random.nextInt(4);
    for (int q = 0; q < count; q++) {
      List<Response> responses = new ArrayList<>();
      int size = 1 + random.nextInt(7);
      double accuracy = random.nextInt(4) / 3.0;
      for (int i = 0; i < size; i++) {
        int length = 1 + random.nextInt(longest);
        float[] old = new float[length];
        float[] current = new float[length];
        for (int t = 0; t < length; t++) {
          current[t] = -3 * random.nextFloat();
          old[t] = (float) (current[t] + change.getAsDouble());
        }
        responses.add(new Response(random.nextDouble() < accuracy, old, current));
      }
      groups.add(new Group("q" + q, responses));
    }
    return groups;
  }
}
