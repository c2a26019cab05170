package dev.drpo.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.drpo.learner.run.History;
import dev.drpo.learner.run.SimulatedLearner;
import dev.drpo.proto.records.v1.GroupId;
import dev.drpo.proto.records.v1.Outcome;
import dev.drpo.proto.records.v1.Purpose;
import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.runtime.tracing.SpanKeys;
import dev.drpo.runtime.tracing.Stage;
import dev.drpo.runtime.tracing.TraceContext;
import dev.drpo.runtime.tracing.Tracing;
import dev.drpo.simulation.broker.Topic;
import dev.drpo.simulation.traces.NotedTracing;
import dev.drpo.simulation.traces.NotedTracing.Noted;
import dev.drpo.simulation.traces.TraceCollector;
import dev.drpo.simulation.traces.TraceCollector.Seen;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A trace goes with a group through every hop, whatever dies on its way. */
class TracesTest {
  /** On-policy and evaluated; nothing goes wrong. */
  private static final Schedule CALM = new Schedule(8);

  private static final int STORMS = 15;

  /** Stages of a group's way, each with the one before it in the trace. */
  private static final Map<Stage, Stage> BEFORE =
      Map.of(
          Stage.PROMPT_QUEUE, Stage.DISPATCH,
          Stage.SAMPLE, Stage.DISPATCH,
          Stage.ROLLOUT_QUEUE, Stage.SAMPLE,
          Stage.JUDGE, Stage.SAMPLE,
          Stage.SCORED_QUEUE, Stage.JUDGE);

  private static final String[] STAGES =
      Arrays.stream(Stage.values())
          .filter(stage -> stage != Stage.STEP)
          .map(Stage::spanName)
          .toArray(String[]::new);

  private static final long MILLI = 1_000_000;

  private record Group(String purpose, long step, String prompt) {
    static Group of(Seen seen) {
      return new Group(
          seen.text(SpanKeys.PURPOSE), seen.number(SpanKeys.STEP), seen.text(SpanKeys.PROMPT));
    }

    static Group of(ScoredGroup scored) {
      return new Group(
          scored.getGroup().getId().getPurpose().name(),
          scored.getGroup().getId().getStep(),
          scored.getGroup().getId().getPrompt());
    }
  }

  private record Traced(List<Seen> spans, List<ScoredGroup> scored) {
    Map<Group, List<Seen>> groups() {
      return spans.stream()
          .filter(seen -> !seen.span().getName().equals(Stage.STEP.spanName()))
          .collect(Collectors.groupingBy(Group::of));
    }

    Map<ByteString, Seen> bySpan() {
      return spans.stream()
          .collect(Collectors.toMap(seen -> seen.span().getSpanId(), Function.identity()));
    }
  }

  private static Traced collected(double share) throws IOException {
    try (TraceCollector collector = new TraceCollector(share)) {
      List<ScoredGroup> scored = CALM.traced(List.of(), collector::of, World::scored);
      return new Traced(collector.all(), scored);
    }
  }

  @Test
  void aCollectorSeesTheWayOfEveryGroupAsOneTrace() throws IOException {
    Traced traced = collected(1);
    Map<ByteString, Seen> bySpan = traced.bySpan();
    Map<Group, ScoredGroup> scored =
        traced.scored().stream()
            .collect(Collectors.toMap(Group::of, Function.identity(), (first, _) -> first));
    assertThat(traced.groups().keySet()).isEqualTo(scored.keySet());
    traced
        .groups()
        .forEach(
            (group, spans) -> {
              assertThat(spans)
                  .extracting(seen -> seen.span().getTraceId())
                  .containsOnly(spans.getFirst().span().getTraceId());
              Map<Stage, Seen> way = way(spans);
              requireOrder(way);
              requireNumbers(way, scored.get(group));
              requireStep(group, way.get(Stage.SCORED_QUEUE), bySpan);
            });
    assertThat(traced.groups().values())
        .extracting(spans -> spans.getFirst().span().getTraceId())
        .doesNotHaveDuplicates();
  }

  /**
   * The spans that led to the learner: one of each stage. There may be others, for a record may be
   * delivered again after all is done.
   */
  private static Map<Stage, Seen> way(List<Seen> spans) {
    Map<Stage, Seen> way = new EnumMap<>(Stage.class);
    Seen before = last(spans);
    way.put(Stage.SCORED_QUEUE, before);
    for (Stage stage : List.of(Stage.JUDGE, Stage.SAMPLE, Stage.DISPATCH)) {
      before = spans.stream().filter(isParentOf(before)).findFirst().orElseThrow();
      way.put(stage, before);
    }
    for (Stage queue : List.of(Stage.PROMPT_QUEUE, Stage.ROLLOUT_QUEUE)) {
      ByteString parent = way.get(BEFORE.get(queue)).span().getSpanId();
      way.put(
          queue,
          spans.stream()
              .filter(seen -> seen.span().getParentSpanId().equals(parent))
              .filter(seen -> seen.span().getName().equals(queue.spanName()))
              .findFirst()
              .orElseThrow());
    }
    return way;
  }

  private static Predicate<Seen> isParentOf(Seen child) {
    return seen -> seen.span().getSpanId().equals(child.span().getParentSpanId());
  }

  private static Seen last(List<Seen> spans) {
    List<Seen> waits =
        spans.stream()
            .filter(seen -> seen.span().getName().equals(Stage.SCORED_QUEUE.spanName()))
            .toList();
    assertThat(waits).isNotEmpty();
    return waits.getFirst();
  }

  private static void requireOrder(Map<Stage, Seen> way) {
    assertThat(way.get(Stage.DISPATCH).span().getParentSpanId()).isEmpty();
    way.forEach(
        (stage, seen) -> {
          Span span = seen.span();
          assertThat(span.getName()).isEqualTo(stage.spanName());
          assertThat(span.getEndTimeUnixNano()).isGreaterThanOrEqualTo(span.getStartTimeUnixNano());
          if (stage != Stage.DISPATCH) {
            assertThat(span.getStartTimeUnixNano() / MILLI)
                .isGreaterThanOrEqualTo(
                    way.get(BEFORE.get(stage)).span().getStartTimeUnixNano() / MILLI);
          }
        });
    assertThat(way.get(Stage.DISPATCH).replica()).isEqualTo("learner");
    assertThat(way.get(Stage.SAMPLE).replica()).startsWith("rollout-");
    assertThat(way.get(Stage.JUDGE).replica()).startsWith("judge-");
    assertThat(way.get(Stage.SCORED_QUEUE).replica()).isEqualTo("learner");
  }

  private static void requireNumbers(Map<Stage, Seen> way, ScoredGroup scored) {
    Seen sampled = way.get(Stage.SAMPLE);
    List<Rollout> rollouts = scored.getGroup().getRolloutsList();
    assertThat(sampled.number(SpanKeys.TOKENS))
        .isEqualTo(rollouts.stream().mapToLong(Rollout::getTokensCount).sum());
    assertThat(sampled.number(SpanKeys.POLICY_STEP))
        .isEqualTo(rollouts.getFirst().getVersions(0).getVersion().getStep());
    assertThat(way.get(Stage.JUDGE).number(SpanKeys.RIGHT))
        .isEqualTo(
            scored.getVerdictsList().stream()
                .filter(verdict -> verdict.getOutcome() == Outcome.OUTCOME_EQUAL)
                .count());
  }

  private static void requireStep(Group group, Seen waited, Map<ByteString, Seen> bySpan) {
    if (group.purpose().equals(Purpose.PURPOSE_EVALUATION.name())) {
      assertThat(waited.span().getLinksList()).isEmpty();
      return;
    }
    Seen step = bySpan.get(waited.span().getLinks(0).getSpanId());
    assertThat(step.span().getName()).isEqualTo(Stage.STEP.spanName());
    assertThat(step.number(SpanKeys.STEP)).isEqualTo(group.step());
    assertThat(step.span().getLinksList())
        .extracting(Span.Link::getSpanId)
        .contains(waited.span().getParentSpanId());
    assertThat(step.span().getStartTimeUnixNano()).isEqualTo(waited.span().getEndTimeUnixNano());
  }

  @Test
  void aStepPointsToAllOfItsGroupsHoweverManyTheyAre() throws IOException {
    int groups = 1000;
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    try (TraceCollector collector = new TraceCollector(1)) {
      Tracing learner = collector.sender("learner");
      List<TraceContext> traces =
          IntStream.range(0, groups)
              .mapToObj(i -> GroupId.newBuilder().setPrompt("p" + i).build())
              .map(group -> learner.dispatch(group, now).context())
              .toList();
      learner.step("mine", 1, traces, now).end(now);
      assertThat(collector.all())
          .singleElement()
          .satisfies(step -> assertThat(step.span().getLinksList()).hasSize(groups));
    }
  }

  @Test
  void ofAShareOfTheGroupsTracesAreWholeAndOfTheOthersThereIsNothing() throws IOException {
    Traced traced = collected(0.5);
    assertThat(traced.groups().values())
        .allSatisfy(
            spans ->
                assertThat(spans)
                    .extracting(seen -> seen.span().getName())
                    .containsOnlyOnceElementsOf(Set.of(Stage.DISPATCH.spanName()))
                    .containsOnly(STAGES));
    assertThat(traced.groups().size())
        .isBetween(
            1, Math.toIntExact(traced.scored().stream().map(Group::of).distinct().count()) - 1);
  }

  @Test
  void everyGroupThatIsLearnedFromIsTracedBackToItsDispatchWhateverDies() {
    int sampledTwice = 0;
    for (long seed = 1; seed <= STORMS; seed++) {
      NotedTracing notes = new NotedTracing();
      Schedule schedule = new Schedule(seed);
      List<History.Trained> trained =
          schedule.traced(
              schedule.faults(),
              _ -> notes,
              world -> world.done().orElseThrow().history().trained());
      List<Noted> linked =
          notes.spans().stream()
              .filter(span -> span.stage() == Stage.SCORED_QUEUE && !span.links().isEmpty())
              .toList();
      assertThat(linked)
          .allSatisfy(
              span -> {
                assertThat(notes.way(span))
                    .containsExactly(Stage.DISPATCH, Stage.SAMPLE, Stage.JUDGE, Stage.SCORED_QUEUE);
                assertThat(span.hasEnded()).isTrue();
                assertThat(notes.at(span.links().iterator().next()).links()).contains(span.cause());
              });
      assertThat(linked)
          .extracting(span -> span.group().getStep() + " " + span.group().getPrompt())
          .containsAll(trained.stream().map(it -> it.step() + " " + it.prompt()).toList());
      sampledTwice +=
          notes.spans().stream()
              .filter(span -> span.stage() == Stage.SAMPLE)
              .collect(Collectors.groupingBy(Noted::cause))
              .values()
              .stream()
              .mapToInt(spans -> spans.size() - 1)
              .sum();
    }
    // A task that is delivered again has another span behind the same dispatch.
    assertThat(sampledTwice).isPositive();
  }

  @Test
  void aRunThatIsNotTracedAddsNothingToItsRecordsAndComesToTheSamePolicy() {
    for (long seed = 1; seed <= 7; seed++) {
      Schedule schedule = new Schedule(seed);
      SimulatedLearner.Done untraced =
          schedule.traced(
              schedule.faults(),
              _ -> Tracing.OFF,
              world -> {
                assertThat(records(world)).isNotEmpty();
                assertThat(records(world))
                    .allMatch(record -> record.headers().toArray().length == 0);
                return world.done().orElseThrow();
              });
      SimulatedLearner.Done traced =
          schedule.traced(
              schedule.faults(), _ -> new NotedTracing(), world -> world.done().orElseThrow());
      assertThat(traced.versions()).isEqualTo(untraced.versions());
      assertThat(traced.history().trained()).isEqualTo(untraced.history().trained());
    }
  }

  private static List<Topic.Entry> records(World world) {
    return Stream.of(world.topics().prompts(), world.topics().rollouts(), world.topics().scored())
        .flatMap(topic -> world.broker().entries(topic).stream())
        .toList();
  }
}
