package dev.drpo.simulation.traces;

import dev.drpo.proto.records.v1.GroupId;
import dev.drpo.runtime.tracing.Stage;
import dev.drpo.runtime.tracing.StageSpan;
import dev.drpo.runtime.tracing.TraceContext;
import dev.drpo.runtime.tracing.Tracing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Keeps what all processes note. A simulation's threads run one at a time. */
public final class NotedTracing implements Tracing {
  private final List<Noted> spans = new ArrayList<>();

  /** A span; those before it lead to the dispatch. */
  public static final class Noted implements StageSpan {
    private final TraceContext context;
    private final Stage stage;
    private final GroupId group;
    private final TraceContext cause;
    private final Set<TraceContext> links = new HashSet<>();
    private boolean ended;

    private Noted(int number, Stage stage, GroupId group, TraceContext cause) {
      this.context = new TraceContext("span " + number);
      this.stage = stage;
      this.group = group;
      this.cause = cause;
    }

    /** What it is a span of. */
    public Stage stage() {
      return stage;
    }

    /** Whose way it belongs to. */
    public GroupId group() {
      return group;
    }

    /** Where the record stood that it takes up. */
    public TraceContext cause() {
      return cause;
    }

    /** What it points to. */
    public Set<TraceContext> links() {
      return links;
    }

    /** Whether it has ended. */
    public boolean hasEnded() {
      return ended;
    }

    @Override
    public boolean isRecorded() {
      return true;
    }

    @Override
    public TraceContext context() {
      return context;
    }

    @Override
    public void put(String key, long value) {}

    @Override
    public void link(TraceContext other) {
      links.add(other);
    }

    @Override
    public void end(Instant at) {
      if (ended) {
        throw new IllegalStateException("a span ends once: " + stage + " of " + group);
      }
      ended = true;
    }

    @Override
    public void fail(String reason, Instant at) {
      end(at);
    }
  }

  @Override
  public StageSpan dispatch(GroupId group, Instant at) {
    return note(Stage.DISPATCH, group, TraceContext.NONE);
  }

  @Override
  public StageSpan follow(Stage stage, GroupId group, TraceContext cause, Instant at) {
    return cause.isPresent() ? note(stage, group, cause) : StageSpan.NONE;
  }

  @Override
  public StageSpan step(String run, long step, Collection<TraceContext> groups, Instant at) {
    GroupId id = GroupId.newBuilder().setRun(run).setStep(step).build();
    Noted span = note(Stage.STEP, id, TraceContext.NONE);
    span.links.addAll(groups);
    return span;
  }

  private Noted note(Stage stage, GroupId group, TraceContext cause) {
    Noted span = new Noted(spans.size(), stage, group, cause);
    spans.add(span);
    return span;
  }

  /** All spans, in the order in which they began to be noted. */
  public List<Noted> spans() {
    return spans;
  }

  /** The span that a record stands behind. */
  public Noted at(TraceContext trace) {
    return spans.get(Integer.parseInt(trace.traceparent().substring("span ".length())));
  }

  /** Stages from the dispatch to a span. All of them are of its group. */
  public List<Stage> way(Noted last) {
    List<Stage> way = new ArrayList<>();
    Noted at = last;
    way.addFirst(at.stage());
    while (at.cause().isPresent()) {
      at = at(at.cause());
      if (!at.group().equals(last.group())) {
        throw new IllegalStateException(last.group() + " goes on with " + at.group());
      }
      way.addFirst(at.stage());
    }
    return way;
  }
}
