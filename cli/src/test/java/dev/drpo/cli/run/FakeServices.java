package dev.drpo.cli.run;

import dev.drpo.cli.process.ReadyLine;
import dev.drpo.cli.process.ServiceSpec;
import dev.drpo.cli.process.ServiceSpec.Launch;
import dev.drpo.cli.process.ServiceSpec.OnDeath;
import dev.drpo.runtime.process.JavaCommand;
import dev.drpo.runtime.process.ParentWatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Real processes of {@link FakeService}.
 *
 * @param behaviour of the learner
 */
record FakeServices(RunFolder folder, String behaviour) implements Services {
  @Override
  public ServiceSpec broker() {
    return worker("broker", OnDeath.FAIL);
  }

  @Override
  public ServiceSpec reward(String broker) {
    return worker("reward", OnDeath.RESTART);
  }

  @Override
  public ServiceSpec learner(String broker) {
    return new ServiceSpec(
        "learner",
        folder.log("learner"),
        ports -> launch("learner", String.valueOf(ports.grpc()), behaviour, folder.toString()),
        new ReadyLine(),
        OnDeath.FAIL);
  }

  @Override
  public ServiceSpec rollout(int replica, String broker, String learner) {
    return worker("rollout-" + replica, OnDeath.RESTART);
  }

  private ServiceSpec worker(String name, OnDeath onDeath) {
    return new ServiceSpec(name, folder.log(name), _ -> launch("worker"), new ReadyLine(), onDeath);
  }

  private static Launch launch(String... arguments) {
    List<String> program =
        new ArrayList<>(
            List.of("-cp", System.getProperty("java.class.path"), FakeService.class.getName()));
    program.addAll(List.of(arguments));
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put(ParentWatch.PARENT_VARIABLE, String.valueOf(ProcessHandle.current().pid()));
    return new Launch(new JavaCommand(64, program).words(), environment);
  }
}
