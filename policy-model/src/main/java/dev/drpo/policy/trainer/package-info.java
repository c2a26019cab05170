/** Learning: passes over micro-batches, gradients, optimizer. */
package dev.drpo.policy.trainer;
