package dev.drpo.simulation;

import dev.drpo.learner.run.SimulatedLearner;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.messaging.Clients;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.Topics;
import dev.drpo.runtime.tracing.Tracing;
import dev.drpo.simulation.broker.Broker;
import dev.drpo.simulation.broker.SimulatedClients;
import dev.drpo.simulation.broker.Topic;
import dev.drpo.simulation.machine.Chance;
import dev.drpo.simulation.machine.Host;
import dev.drpo.simulation.machine.Scheduler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A broker, a learner, two rollout replicas and two judges, under one schedule. */
final class World {
  /** Beyond the broker's own limit, as the product sets it. */
  private static final int DELIVERY_HEADROOM = 5;

  private static final Duration LONGEST = Duration.ofMinutes(15);
  private static final long MOST_STEPS = 400_000;

  private final Setting setting;
  private final RunConfig config;
  private final PlantedBug bug;
  private final Trace trace;
  private final Chance chance;
  private final Scheduler scheduler;
  private final Broker broker;
  private final Topics topics;
  private final Faults faults;
  private final PolicyVersion starting;
  private final int tasksOfAReplica;
  private final List<Service> services = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();
  private Optional<SimulatedLearner.Done> done = Optional.empty();
  private Function<Host, Tracing> tracing = _ -> Tracing.OFF;

  /**
   * Sets everything up.
   *
   * @param seed of all chance
   * @param planned what goes wrong
   * @param folder empty, for what outlives a process
   */
  World(Setting setting, long seed, List<Fault> planned, PlantedBug bug, Path folder, Trace trace)
      throws IOException {
    this.setting = setting;
    this.config = setting.in(folder);
    this.bug = bug;
    this.trace = trace;
    this.chance = new Chance(seed);
    this.scheduler = new Scheduler(new Chance(chance.seed()));
    trace.by(scheduler::now);
    this.topics = Topics.of(config.run().id());
    this.broker =
        new Broker(scheduler, new Chance(chance.seed()), this::createTopics, this::appended);
    broker.provision();
    this.tasksOfAReplica = chance.odds(0.5) ? 1 : 3;
    this.starting = SimulatedLearner.writeStarting(config);
    services.add(new LearnerService(this));
    for (int i = 0; i < 2; i++) {
      services.add(new RolloutService(this, i));
      services.add(new JudgeService(this, i));
    }
    this.faults = new Faults(this, planned);
  }

  /** Has the ways of groups noted, by each process for itself; to be called before it runs. */
  void trace(Function<Host, Tracing> by) {
    tracing = by;
  }

  private void createTopics(Broker on) {
    on.create(topics.prompts(), 1);
    on.create(topics.rollouts(), 1);
    on.create(topics.scored(), 2);
    on.create(topics.weights(), 1);
    on.create(topics.deadLetters(), 2);
    Duration lease = Duration.ofSeconds(config.kafka().leaseSeconds());
    int mostDeliveries = config.kafka().maxDeliveries() + DELIVERY_HEADROOM;
    boolean expires = bug != PlantedBug.LEASES_NEVER_EXPIRE;
    on.share(topics.rolloutWorkers(), topics.prompts(), lease, mostDeliveries, expires);
    on.share(topics.rewardWorkers(), topics.rollouts(), lease, mostDeliveries, expires);
  }

  private void appended(String topic, Topic.Entry entry) {
    if (trace.isOn()) {
      trace.add(
          "%s %d-%d: %s",
          topic.substring(topic.lastIndexOf('.') + 1),
          entry.partition(),
          entry.offset(),
          Records.text(topics, topic, entry.value()));
    }
  }

  /** Runs until the learner is done, or it is clear that it never will be. */
  Scheduler.Ending run() {
    services.forEach(Service::start);
    Scheduler.Ending ending =
        scheduler.run(() -> done.isPresent(), faults::strike, MOST_STEPS, LONGEST);
    if (trace.isOn() && ending != Scheduler.Ending.DONE) {
      services.forEach(
          service ->
              service.host().standing().forEach(where -> trace.add("%s: %s", service, where)));
    }
    return ending;
  }

  /** How many tasks a replica holds at once. */
  int tasksOfAReplica() {
    return tasksOfAReplica;
  }

  /** The policy that learner and replicas start from. */
  PolicyVersion starting() {
    return starting;
  }

  RunConfig config() {
    return config;
  }

  Setting setting() {
    return setting;
  }

  PlantedBug bug() {
    return bug;
  }

  Trace trace() {
    return trace;
  }

  Scheduler scheduler() {
    return scheduler;
  }

  Broker broker() {
    return broker;
  }

  Topics topics() {
    return topics;
  }

  List<Service> services() {
    return services;
  }

  /** A sequence of chance for somebody's own use. */
  Chance chance() {
    return new Chance(chance.seed());
  }

  Messaging messaging(Host host) {
    Clients clients = BadClients.of(this, host, new SimulatedClients(host, broker));
    return new Messaging(
        config.run().id(),
        host.name(),
        config.kafka(),
        topics,
        host.clock(),
        clients,
        host.threads(),
        tracing.apply(host));
  }

  List<ScoredGroup> scored() {
    return broker.entries(topics.scored()).stream()
        .flatMap(entry -> Records.scored(entry.value()).stream())
        .toList();
  }

  void done(SimulatedLearner.Done result) {
    done = Optional.of(result);
  }

  Optional<SimulatedLearner.Done> done() {
    return done;
  }

  /** Takes note of something that must not happen. */
  void complain(String what) {
    trace.add("COMPLAINT: %s", what);
    complaints.add(what);
  }

  List<String> complaints() {
    return complaints;
  }

  Faults faults() {
    return faults;
  }
}
