package dev.drpo.reports.samples;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which responses of a step are kept: all of the first and of each {@code every}-th step, and of
 * the others those that shortening is judged by, the longest right and the shortest wrong ones.
 *
 * @param every steps from one that is kept whole to the next, counted from step 0; 0 for none
 * @param others how many of the longest right responses of another step are kept, and how many of
 *     its shortest wrong ones
 */
public record SampleChoice(int every, int others) {
  private static final Comparator<SampleResponse> BY_LENGTH =
      Comparator.comparingInt(SampleResponse::tokens);

  /** Whether nothing is ever kept. */
  public boolean isNothing() {
    return every == 0 && others == 0;
  }

  /** Whether all groups of a step are kept. */
  public boolean isWhole(long step) {
    return every > 0 && (step == 1 || step % every == 0);
  }

  /**
   * The groups and responses to keep, in their order; groups without any are left out.
   *
   * @param step the first is 1
   */
  public List<SampleGroup> of(long step, List<SampleGroup> groups) {
    if (isWhole(step)) {
      return groups;
    }
    Set<SampleResponse> chosen = Collections.newSetFromMap(new IdentityHashMap<>());
    chosen.addAll(first(groups, true, BY_LENGTH.reversed()));
    chosen.addAll(first(groups, false, BY_LENGTH));
    return groups.stream()
        .map(group -> group.with(chosen::contains))
        .filter(group -> !group.responses().isEmpty())
        .toList();
  }

  private Collection<SampleResponse> first(
      List<SampleGroup> groups, boolean right, Comparator<SampleResponse> order) {
    Stream<SampleResponse> all = groups.stream().flatMap(group -> group.responses().stream());
    return all.filter(response -> response.right() == right).sorted(order).limit(others).toList();
  }
}
