package dev.drpo.generation;

import ai.djl.ndarray.NDManager;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.sampler.PolicySampler;
import java.util.ArrayList;
import java.util.List;

/** Loads decoders onto an engine's device. */
final class TensorLoading implements DecoderLoading {
  private final EngineSettings settings;
  private final NDManager manager;
  private final List<Decoder> decoders = new ArrayList<>();

  TensorLoading(EngineSettings settings) {
    this.settings = settings;
    this.manager = TensorEngine.newManager(settings.compute().device());
  }

  @Override
  public PolicyVersion version() {
    return settings.version();
  }

  @Override
  public Decoder starting() {
    TensorEngine.setThreads(settings.compute().threads());
    TensorEngine.prepareThread();
    try (Safetensors weights = Safetensors.open(settings.weights())) {
      return load(weights);
    }
  }

  @Override
  public Decoder beside(WeightUpdate update) {
    try (Safetensors weights = update.open()) {
      return load(weights);
    }
  }

  @Override
  public void over(Decoder unused, WeightUpdate update) {
    try (Safetensors weights = update.open()) {
      unused.replaceWeights(weights);
    }
    PolicySampler.prepare(unused);
  }

  private Decoder load(Safetensors weights) {
    Decoder decoder = Decoder.load(manager, settings.model(), weights, settings.compute().type());
    decoders.add(decoder);
    PolicySampler.prepare(decoder);
    return decoder;
  }

  @Override
  public void close() {
    decoders.forEach(Decoder::close);
    manager.close();
  }
}
