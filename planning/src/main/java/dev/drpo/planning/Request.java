package dev.drpo.planning;

import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.runtime.config.RunConfig;

/**
 * What a plan is made for.
 *
 * @param title of the policy, for people
 * @param model its shape
 * @param config of the run; a plan keeps all of it but where and in which portions it computes
 * @param fleet the devices
 * @param lengths of prompts and responses
 */
public record Request(
    String title, ModelConfig model, RunConfig config, Fleet fleet, Lengths lengths) {}
