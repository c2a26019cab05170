package dev.drpo.cli.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.drpo.cli.lines.Output;
import dev.drpo.cli.lines.OutputFailure;
import dev.drpo.generation.EngineStoppedException;
import dev.drpo.generation.ResponseListener;
import dev.drpo.generation.SampledGroup;
import dev.drpo.policy.text.PolicyTokenizer;
import dev.drpo.testkit.TinyPolicy;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LiveResponseTest {
  private static final int[] PROMPT = {1, 2, 3};

  @TempDir Path folder;

  private final Output output = new Output();
  private PolicyTokenizer tokenizer;
  private PolicyEngine engine;

  @BeforeEach
  void start() throws IOException {
    tokenizer = PolicyTokenizer.load(TinyPolicy.write(folder, 5, TinyPolicy.Preset.NARROW).path());
    engine = Engines.start(folder, tokenizer, 1, 1);
  }

  @AfterEach
  void stop() {
    engine.close();
    tokenizer.close();
  }

  @Test
  void thePrintedPiecesJoinToTheTextOfTheResponse() throws Exception {
    int[] expected =
        Results.await(engine.submit(PROMPT, ResponseListener.NONE)).responses().getFirst().tokens();

    SampledGroup group = LiveResponse.print(engine, PROMPT, tokenizer, output.lines());

    assertThat(group.responses().getFirst().tokens()).isEqualTo(expected);
    assertThat(output.text()).isEqualTo(tokenizer.decode(expected) + "\n");
  }

  @Test
  void anInterruptEndsTheLine() {
    Thread.currentThread().interrupt();

    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(() -> LiveResponse.print(engine, PROMPT, tokenizer, output.lines()));

    assertThat(output.text()).endsWith("\n");
  }

  @Test
  void aClosedOutputEndsIt() {
    assertThatExceptionOfType(OutputFailure.class)
        .isThrownBy(() -> LiveResponse.print(engine, PROMPT, tokenizer, Output.closingAfter(3)));
  }

  @Test
  void aStoppedEngineIsNoEndlessWait() {
    engine.close();

    assertThatExceptionOfType(EngineStoppedException.class)
        .isThrownBy(() -> LiveResponse.print(engine, PROMPT, tokenizer, output.lines()));
  }
}
