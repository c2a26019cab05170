package dev.drpo.cli.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is compared: methods at strengths, on the same data, from the same policy, with as many
 * samples.
 *
 * @param title for the report
 * @param base keys that all runs share
 * @param level metadata of a problem that says how difficult it is, if any
 * @param learningRates that every method is offered; with several, each method and strength takes
 *     the one whose tuning runs have the highest accuracy-efficiency score
 * @param tuningSeeds of the runs that choose the learning rate; none where there is nothing to
 *     choose
 * @param seeds of the runs that are reported; none of them has chosen anything
 */
record Comparison(
    String title,
    Map<String, String> base,
    Optional<String> level,
    List<String> learningRates,
    List<Long> tuningSeeds,
    List<Long> seeds,
    List<Method> methods) {

  /** Keys whose values are paths. */
  static final List<String> PATHS = List.of("policy.path", "data.train", "data.heldout");

  /**
   * A way to learn.
   *
   * @param keys of the configuration that make it
   * @param strengthKey the key that its strengths are values of, if it has several
   * @param strengths one empty word where it has no such key
   * @param tunedAt the strength whose tuning runs choose the learning rate of all, if one does
   * @param moreSeeds of runs that are reported beside those that every method has
   */
  record Method(
      String name,
      Map<String, String> keys,
      Optional<String> strengthKey,
      List<String> strengths,
      Optional<String> tunedAt,
      List<Long> moreSeeds) {
    Method {
      keys = Map.copyOf(keys);
      strengths = List.copyOf(strengths);
      moreSeeds = List.copyOf(moreSeeds);
      requireSome(name + ".strength.values", strengths);
      if (tunedAt.isPresent() && !strengths.contains(tunedAt.get())) {
        throw new IllegalArgumentException(
            "%s.strength.tuned-at is %s; it must be one of the values %s"
                .formatted(name, tunedAt.get(), strengths));
      }
    }

    /** Seeds of its reported runs, those that every method has first. */
    List<Long> seeds(List<Long> ofAll) {
      return Stream.concat(ofAll.stream(), moreSeeds.stream()).toList();
    }

    /** The strength whose tuning runs choose the learning rate for a strength. */
    String tunedFor(String strength) {
      return tunedAt.orElse(strength);
    }
  }

  Comparison {
    base = Map.copyOf(base);
    learningRates = List.copyOf(learningRates);
    tuningSeeds = List.copyOf(tuningSeeds);
    seeds = List.copyOf(seeds);
    methods = List.copyOf(methods);
    requireSome("methods", methods);
    requireSome("learning-rates", learningRates);
    requireSome("seeds", seeds);
    requireDistinct("methods", methods.stream().map(Method::name).toList());
    if (learningRates.size() > 1 && tuningSeeds.isEmpty()) {
      throw new IllegalArgumentException(
          "learning-rates has %d values, but tuning-seeds is empty; name at least one seed that chooses among them, or leave one rate"
              .formatted(learningRates.size()));
    }
    for (Method method : methods) {
      List<Long> reported = method.seeds(seeds);
      requireDistinct("seeds with " + method.name() + ".more-seeds", reported);
      Set<Long> shared = new HashSet<>(reported);
      shared.retainAll(tuningSeeds);
      if (!shared.isEmpty()) {
        throw new IllegalArgumentException(
            "the seeds of %s and tuning-seeds share %s; a run that chose a learning rate must not be reported"
                .formatted(method.name(), shared));
      }
    }
  }

  /**
   * The same, with keys of all runs that win over those of its base.
   *
   * @throws IllegalArgumentException if runs differ in one of them
   */
  Comparison over(Map<String, String> keys) {
    for (Method method : methods) {
      for (String key :
          reported(method, method.strengths().getFirst(), "").getFirst().keys().keySet()) {
        if (keys.containsKey(key)) {
          throw new IllegalArgumentException(
              "%s is given for all runs, but it is set for each (%s); change it in the file"
                  .formatted(key, method.name()));
        }
      }
    }
    Map<String, String> changed = new LinkedHashMap<>(base);
    changed.putAll(keys);
    return new Comparison(title, changed, level, learningRates, tuningSeeds, seeds, methods);
  }

  private static void requireSome(String key, List<?> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException(key + " is empty; name at least one");
    }
    requireDistinct(key, values);
  }

  private static void requireDistinct(String key, List<?> values) {
    if (new HashSet<>(values).size() != values.size()) {
      throw new IllegalArgumentException(
          "%s has a value twice: %s; leave one of them out".formatted(key, values));
    }
  }

  /** The runs that choose learning rates; none where there is one only. */
  List<Cell> tuning() {
    List<Cell> cells = new ArrayList<>();
    if (learningRates.size() > 1) {
      for (Method method : methods) {
        for (String strength : method.strengths()) {
          if (!strength.equals(method.tunedFor(strength))) {
            continue;
          }
          for (String rate : learningRates) {
            tuningSeeds.forEach(seed -> cells.add(new Cell(method, strength, rate, seed)));
          }
        }
      }
    }
    return cells;
  }

  /** One seed of all methods before the next, so that a report on the way is a fair one. */
  List<Cell> bySeed(List<Cell> cells) {
    return cells.stream()
        .sorted(Comparator.comparingInt(cell -> cell.method().seeds(seeds).indexOf(cell.seed())))
        .toList();
  }

  /** The runs of a method and strength that are reported, once its learning rate is known. */
  List<Cell> reported(Method method, String strength, String learningRate) {
    return method.seeds(seeds).stream()
        .map(seed -> new Cell(method, strength, learningRate, seed))
        .toList();
  }
}
