package dev.drpo.cli.dataset.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drpo.problems.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which fields of a source mean what.
 *
 * @param problem a text, or a list of messages
 * @param answers where right answers stand; the first that a row has counts
 * @param id the source's own, if it has one
 * @param metadata what else is kept
 */
public record Fields(
    String problem, List<String> answers, Optional<String> id, List<String> metadata) {

  private static final List<String> CONVERSATIONS = List.of("messages", "prompt");
  private static final List<String> PROBLEMS =
      List.of("problem", "question", "prompt", "query", "input");

  /** Worked solutions are looked into for their last box. */
  private static final List<String> SOLUTIONS = List.of("solution");

  private static final List<List<String>> ANSWERS =
      List.of(
          List.of("gold", "golds"),
          List.of("reward_model.ground_truth"),
          List.of("answer"),
          List.of("final_answer"),
          List.of("ground_truth"),
          List.of("expected_answer"),
          List.of("answers"),
          List.of("target"),
          SOLUTIONS);
  private static final List<String> IDS =
      List.of("id", "unique_id", "problem_id", "question_id", "uuid", "extra_info.index");

  /** Longer values are solutions and the like, which would make a file several times as large. */
  private static final int LONGEST_METADATA = 200;

  /**
   * Fields that are named on the command line.
   *
   * @param metadata empty for every field that has short values
   */
  public record Named(
      Optional<String> problem,
      Optional<String> answer,
      Optional<String> id,
      Optional<List<String>> metadata) {
    /** None is. */
    public static final Named NONE =
        new Named(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** Whether the answer is the last box of a worked solution. */
  boolean answersAreSolutions() {
    return answers.size() == 1 && SOLUTIONS.contains(answers.getFirst().toLowerCase(Locale.ROOT));
  }

  /**
   * Finds the fields of known shapes.
   *
   * @throws DataException if a needed field is not there; the message names what was found and what
   *     is looked for
   */
  public static Fields find(Path file, List<ObjectNode> rows, Named named) {
    Set<String> paths = RowPaths.of(rows);
    named.problem().ifPresent(field -> refuseMissing(file, paths, field, "--problem-field"));
    named.answer().ifPresent(field -> refuseMissing(file, paths, field, "--answer-field"));
    named.id().ifPresent(field -> refuseMissing(file, paths, field, "--id-field"));
    named
        .metadata()
        .ifPresent(
            fields -> fields.forEach(field -> refuseMissing(file, paths, field, "--metadata")));
    String problem =
        named
            .problem()
            .or(() -> problem(rows, paths))
            .orElseThrow(
                () ->
                    missing(
                        file,
                        paths,
                        "problem",
                        "a list of messages in "
                            + or(CONVERSATIONS)
                            + ", or a text in "
                            + or(PROBLEMS),
                        "--problem-field"));
    List<String> answers =
        named
            .answer()
            .map(List::of)
            .or(() -> answers(paths))
            .orElseThrow(
                () ->
                    missing(
                        file,
                        paths,
                        "answer",
                        or(ANSWERS.stream().flatMap(List::stream).toList()),
                        "--answer-field"));
    Optional<String> id =
        named
            .id()
            .or(() -> IDS.stream().flatMap(known -> match(paths, known).stream()).findFirst());
    List<String> used = new ArrayList<>(answers);
    used.add(problem);
    id.ifPresent(used::add);
    return new Fields(
        problem, answers, id, named.metadata().orElseGet(() -> metadata(rows, paths, used)));
  }

  private static Optional<String> problem(List<ObjectNode> rows, Set<String> paths) {
    return CONVERSATIONS.stream()
        .flatMap(known -> match(paths, known).stream())
        .filter(path -> RowPaths.first(rows, path).filter(JsonNode::isArray).isPresent())
        .findFirst()
        .or(() -> PROBLEMS.stream().flatMap(known -> match(paths, known).stream()).findFirst());
  }

  private static Optional<List<String>> answers(Set<String> paths) {
    return ANSWERS.stream()
        .map(group -> group.stream().flatMap(known -> match(paths, known).stream()).toList())
        .filter(found -> !found.isEmpty())
        .findFirst();
  }

  /** The field of a known name, in upper or lower case. */
  private static Optional<String> match(Set<String> paths, String known) {
    return paths.stream().filter(path -> path.equalsIgnoreCase(known)).findFirst();
  }

  private static List<String> metadata(
      List<ObjectNode> rows, Set<String> paths, List<String> used) {
    return paths.stream()
        .filter(path -> !used.contains(path))
        .filter(path -> rows.stream().allMatch(row -> isShort(RowPaths.at(row, path))))
        .toList();
  }

  private static boolean isShort(JsonNode node) {
    return node.isMissingNode()
        || (node.isValueNode() && node.asText().length() <= LONGEST_METADATA);
  }

  private static void refuseMissing(Path file, Set<String> paths, String field, String option) {
    if (!paths.contains(field)) {
      throw new DataException(
          "%s is %s, which %s does not have; its fields are %s"
              .formatted(option, field, file, String.join(", ", paths)));
    }
  }

  private static DataException missing(
      Path file, Set<String> paths, String what, String needed, String option) {
    return new DataException(
        "%s has no field for the %s: it has %s, and needs %s; name the field with %s"
            .formatted(file, what, String.join(", ", paths), needed, option));
  }

  private static String or(List<String> names) {
    return String.join(" or ", names);
  }
}
