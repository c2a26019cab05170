package dev.drpo.cli.chaos;

import dev.drpo.proto.records.v1.DeadLetter;
import dev.drpo.proto.records.v1.GroupId;
import dev.drpo.proto.records.v1.Outcome;
import dev.drpo.proto.records.v1.PolicyVersion;
import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.proto.records.v1.Purpose;
import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.proto.records.v1.VersionSpan;
import dev.drpo.proto.records.v1.WeightAnnouncement;
import dev.drpo.runtime.records.GroupsDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the topics of a run have held, as far as an audit asks for it. One thread uses it. */
final class Evidence {
  /** Records of one identity. */
  static final class Group {
    private int dispatched;
    private int sampled;
    private final List<Scored> scored = new ArrayList<>();

    /** How often the task was sent out. */
    int dispatched() {
      return dispatched;
    }

    /** How often its responses were published. */
    int sampled() {
      return sampled;
    }

    /** Its scored groups, in the order of the log. */
    List<Scored> scored() {
      return scored;
    }
  }

  /**
   * A scored group.
   *
   * @param responses what the learner learns from
   * @param digest of the responses: two that are the same to the last bit have the same
   * @param versions of the policy that sampled it
   */
  record Scored(List<GroupsDigest.Response> responses, String digest, Set<Version> versions) {}

  /** A policy version. The digest is in hexadecimal digits. */
  record Version(long step, String digest) implements Comparable<Version> {
    static Version of(PolicyVersion version) {
      return new Version(
          version.getStep(), HexFormat.of().formatHex(version.getDigest().toByteArray()));
    }

    @Override
    public int compareTo(Version other) {
      return step == other.step ? digest.compareTo(other.digest) : Long.compare(step, other.step);
    }
  }

  /** What a group is called: the step that learns from it, and its prompt. */
  record Identity(long step, String prompt) implements Comparable<Identity> {
    @Override
    public int compareTo(Identity other) {
      return step == other.step ? prompt.compareTo(other.prompt) : Long.compare(step, other.step);
    }

    @Override
    public String toString() {
      return "%s of step %d".formatted(prompt, step + 1);
    }
  }

  private final SortedMap<Identity, Group> training = new TreeMap<>();
  private final SortedMap<Identity, Group> evaluation = new TreeMap<>();
  private final Set<Version> announced = new TreeSet<>();
  private final List<DeadLetter> deadLetters = new ArrayList<>();
  private int trainingScored;
  private long records;
  private long unreadable;
  private long removed;

  void dispatched(PromptTask task) {
    group(task.getId()).dispatched++;
  }

  void sampled(RolloutGroup group) {
    group(group.getId()).sampled++;
  }

  void scored(ScoredGroup scored) {
    Group group = group(scored.getGroup().getId());
    if (isTraining(scored.getGroup().getId()) && group.scored.isEmpty()) {
      trainingScored++;
    }
    group.scored.add(scored(scored, scored.getGroup().getId().getPrompt()));
  }

  private static Scored scored(ScoredGroup group, String prompt) {
    List<GroupsDigest.Response> responses = new ArrayList<>();
    Set<Version> versions = new TreeSet<>();
    for (int i = 0; i < group.getVerdictsCount(); i++) {
      Rollout rollout = group.getGroup().getRollouts(i);
      responses.add(
          new GroupsDigest.Response(
              rollout.getTokensList().stream().mapToInt(Integer::intValue).toArray(),
              floats(rollout.getLogProbabilitiesList()),
              group.getVerdicts(i).getOutcome() == Outcome.OUTCOME_EQUAL,
              group.getVerdicts(i).getReward()));
      rollout.getVersionsList().stream()
          .map(VersionSpan::getVersion)
          .map(Version::of)
          .forEach(versions::add);
    }
    GroupsDigest digest = new GroupsDigest();
    digest.add(prompt, responses);
    return new Scored(responses, digest.hex(), versions);
  }

  private static float[] floats(List<Float> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i);
    }
    return floats;
  }

  void announced(WeightAnnouncement announcement) {
    announced.add(Version.of(announcement.getVersion()));
  }

  void buried(DeadLetter letter) {
    deadLetters.add(letter);
  }

  /** A record was read, whatever it holds. */
  void read(boolean parseable) {
    records++;
    if (!parseable) {
      unreadable++;
    }
  }

  /** Records that were removed before they could be read. */
  void removed(long count) {
    removed = count;
  }

  private Group group(GroupId id) {
    Map<Identity, Group> groups = isTraining(id) ? training : evaluation;
    return groups.computeIfAbsent(new Identity(id.getStep(), id.getPrompt()), _ -> new Group());
  }

  private static boolean isTraining(GroupId id) {
    return id.getPurpose() == Purpose.PURPOSE_TRAINING;
  }

  /** Training groups by identity. */
  SortedMap<Identity, Group> training() {
    return training;
  }

  /** Evaluation groups by identity. */
  SortedMap<Identity, Group> evaluation() {
    return evaluation;
  }

  /** Every version whose announcement is in the weight log. */
  Set<Version> announced() {
    return announced;
  }

  List<DeadLetter> deadLetters() {
    return deadLetters;
  }

  /** Training groups that have been scored at least once: how far the run is. */
  int trainingScored() {
    return trainingScored;
  }

  /** Records read so far. */
  long records() {
    return records;
  }

  /** Records that hold no message of their topic. */
  long unreadable() {
    return unreadable;
  }

  /** Records that the audit could not see. */
  long removed() {
    return removed;
  }
}
