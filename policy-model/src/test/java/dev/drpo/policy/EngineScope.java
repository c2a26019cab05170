package dev.drpo.policy;

import ai.djl.ndarray.NDManager;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.policy.trainer.PolicyTrainer;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Prepares the test's thread for the tensor engine and frees what the test made on it. */
public final class EngineScope implements BeforeEachCallback, AfterEachCallback {
  private NDManager manager;

  @Override
  public void beforeEach(ExtensionContext context) {
    // Arrays this small gain nothing from a second thread and wait for it on a busy machine.
    TensorEngine.setThreads(1);
    TensorEngine.prepareThread();
    manager = TensorEngine.newManager();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    manager.close();
  }

  public Decoder decoder(ModelConfig config, Path weights) {
    try (SafetensorsFile file = SafetensorsFile.open(weights)) {
      return Decoder.load(manager, config, file);
    }
  }

  public Decoder decoder(ModelConfig config, Path weights, ElementType type) {
    try (SafetensorsFile file = SafetensorsFile.open(weights)) {
      return Decoder.load(manager, config, file, type);
    }
  }

  public Decoder decoder(PolicyFolder folder) {
    try (Safetensors weights = folder.openWeights()) {
      return Decoder.load(manager, folder.config(), weights);
    }
  }

  public NDManager manager() {
    return manager;
  }

  public PolicyTrainer trainer(ModelConfig config, Path weights) {
    return new PolicyTrainer(decoder(config, weights));
  }

  public Oracle oracle(ModelConfig config, Path weights) {
    return Oracle.read(manager, config, weights);
  }
}
