/** {@code drpo logprobs}: log-probabilities of given tokens by the learner's forward pass. */
package dev.drpo.cli.logprobs;
