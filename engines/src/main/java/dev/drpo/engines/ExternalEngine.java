package dev.drpo.engines;

import dev.drpo.generation.EngineLimits;
import dev.drpo.generation.EngineStatus;
import dev.drpo.generation.EngineStoppedException;
import dev.drpo.generation.GroupRequest;
import dev.drpo.generation.GroupSampling;
import dev.drpo.generation.ResponseListener;
import dev.drpo.generation.SamplingEngine;
import dev.drpo.generation.WeightUpdate;
import dev.drpo.policy.PolicyFormatException;
import dev.drpo.policy.checkpoint.PolicyVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;

/**
 * Samples groups by a server of its own process, which this one gives its weights. The server may
 * come later, and may go and come back: groups wait for it. A response is told when it is complete,
 * since a server tells it in one.
 */
public final class ExternalEngine implements SamplingEngine {
  private static final Logger LOG = Logger.getLogger(ExternalEngine.class);

  private final ExternalEngineSettings settings;
  private final EngineServer server;
  private final DispatchCounters counters = new DispatchCounters();
  private final ExecutorService loop =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("external-engine").factory());
  private final Dispatch dispatch;
  private final WeightKeeper keeper;
  private volatile String failure;

  private ExternalEngine(ExternalEngineSettings settings, EngineServer server) {
    this.settings = settings;
    this.server = server;
    this.dispatch = new Dispatch(server, settings, loop, counters, this::changed, this::suspect);
    this.keeper =
        new WeightKeeper(
            server,
            settings,
            dispatch,
            counters,
            VersionFolders.open(settings.folder(), settings.policy(), settings.type()),
            this::gaveUp);
  }

  /**
   * Starts to sample, as soon as the server is there.
   *
   * @throws PolicyFormatException if the folder for the weights can't be used
   */
  public static ExternalEngine start(ExternalEngineSettings settings) {
    EngineServer server = settings.open();
    ExternalEngine engine;
    try {
      engine = new ExternalEngine(settings, server);
    } catch (PolicyFormatException e) {
      server.close();
      throw e;
    }
    engine.keeper.start();
    return engine;
  }

  private void changed() {
    keeper.changed();
  }

  private void suspect(String reason) {
    keeper.suspect(reason);
  }

  @Override
  public GroupSampling submit(GroupRequest request, ResponseListener listener) {
    settings.limits().refuseUnfit(request);
    RemoteGroup group = new RemoteGroup(request, listener);
    loop.execute(() -> dispatch.submit(group));
    return group.result();
  }

  @Override
  public WeightUpdate offer(PolicyVersion version, Path file) {
    WeightUpdate update = new WeightUpdate(version, file);
    keeper.offer(update);
    return update;
  }

  @Override
  public EngineStatus status() {
    Optional<String> obstacle = keeper.obstacle();
    return new EngineStatus(
        keeper.inUse(),
        counters.live(),
        0,
        0,
        0,
        counters.waiting(),
        counters.tokens(),
        counters.groups(),
        (double) counters.live() / settings.limits().slots(),
        counters.live() == 0 || obstacle.isPresent(),
        Duration.ofNanos(counters.nanosSinceProgress()),
        counters.faults(),
        obstacle,
        Optional.ofNullable(failure));
  }

  @Override
  public EngineLimits limits() {
    return settings.limits();
  }

  private void gaveUp(String reason) {
    LOG.errorf("%s; this replica has to be restarted", reason);
    failure = reason;
    stop(new EngineStoppedException(reason, null));
  }

  private void stop(EngineStoppedException cause) {
    loop.execute(() -> dispatch.stop(cause));
  }

  @Override
  public void close() {
    keeper.close();
    stop(new EngineStoppedException("this replica is stopping; another one takes the group", null));
    loop.close();
    server.close();
  }
}
