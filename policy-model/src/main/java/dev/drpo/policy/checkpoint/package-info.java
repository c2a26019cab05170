/** Policies as Hugging Face folders: architecture, weights' layout, digests. */
package dev.drpo.policy.checkpoint;
