/** The model: its TorchScript and its weights. */
package dev.drpo.policy.decoder;
