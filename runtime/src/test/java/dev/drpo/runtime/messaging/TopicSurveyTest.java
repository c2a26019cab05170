package dev.drpo.runtime.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.testkit.BrokerExtension;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(180)
class TopicSurveyTest {
  @RegisterExtension static final BrokerExtension broker = new BrokerExtension();

  @Test
  void onlyTheTopicsOfTheRunAreFound() throws Exception {
    TestRun one = TestRun.named("one", "tester", broker.bootstrapServers(), 30, 5);
    TestRun other = TestRun.named("other", "tester", broker.bootstrapServers(), 30, 5);
    new TopicProvisioner(one.messaging()).provision(TestRun.PATIENCE);

    assertThat(TopicSurvey.existing(one.messaging(), TestRun.PATIENCE))
        .containsExactlyInAnyOrder(
            "one.drpo.prompts",
            "one.drpo.rollouts",
            "one.drpo.scored",
            "one.drpo.weights",
            "one.drpo.dead-letters");
    assertThat(TopicSurvey.existing(other.messaging(), TestRun.PATIENCE)).isEmpty();
  }

  @Test
  void aBrokerThatIsNotThereIsNamed() throws Exception {
    String address;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      address = "127.0.0.1:" + free.getLocalPort();
    }
    TestRun run = TestRun.named("nobody", "tester", address, 30, 5);
    assertThatThrownBy(() -> TopicSurvey.existing(run.messaging(), Duration.ofSeconds(1)))
        .isInstanceOf(MessagingException.class)
        .hasMessageContaining("no broker answers at " + address + " within 1 s");
  }
}
