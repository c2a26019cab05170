/**
 * This process as the engine of another one: completions in tokens, and the calls that pause
 * sampling and replace the weights, in the terms of vLLM. Knows JSON, but not HTTP.
 */
package dev.drpo.rollout.engineapi;
